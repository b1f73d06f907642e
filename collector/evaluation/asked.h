// A content, and what it asks of the hosts of each profile. Never changes; any thread.
#pragma once

#include <memory>
#include <string_view>
#include <utility>

#include "checks/engine/content.h"
#include "checks/engine/plan.h"
#include "collector/evaluation/life_cycle.h"

namespace assay::collector {

struct Asked {
  explicit Asked(std::shared_ptr<const checks::Content> from)
      : content(std::move(from)), server(*content, "server"), pc(*content, "pc") {
    for (const auto* plan : {&server, &pc})
      for (const auto& question : plan->questions()) names[question.get()] = name_of(*question);
  }
  // nullptr for a profile that there is not.
  [[nodiscard]] const checks::Plan* plan(std::string_view profile) const {
    if (profile == "server") return &server;
    return profile == "pc" ? &pc : nullptr;
  }

  std::shared_ptr<const checks::Content> content;
  checks::Plan server;
  checks::Plan pc;
  QuestionNames names;  // of both
};

}  // namespace assay::collector
