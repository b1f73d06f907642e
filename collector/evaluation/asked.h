// A content, and what it asks of the hosts of each profile. Never changes; any thread.
#pragma once

#include <cstddef>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "checks/engine/content.h"
#include "checks/engine/plan.h"
#include "collector/evaluation/judged_group.h"
#include "evidence/digest.h"

namespace assay::collector {

// By what the questions of one content are found again in another; needs neither.
struct Outline {
  std::vector<std::string> tables;  // sorted
  // Identities: what is asked, of which tables, and what the answers are called.
  std::vector<evidence::Digest> groups;
  std::vector<std::vector<SharedName>> questions;  // of each group
};

// The questions to hosts of one profile.
struct Questions {
  Questions(const checks::Content& content, std::string_view profile);

  checks::Plan plan;
  std::shared_ptr<const Outline> outline;
};

struct Asked {
  explicit Asked(std::shared_ptr<const checks::Content> from)
      : content(std::move(from)), server(*content, "server"), pc(*content, "pc") {}
  // nullptr for a profile that there is not.
  [[nodiscard]] const Questions* of(std::string_view profile) const {
    if (profile == "server") return &server;
    return profile == "pc" ? &pc : nullptr;
  }

  std::shared_ptr<const checks::Content> content;
  Questions server;
  Questions pc;
};

// Where what an outline has was in an earlier one.
struct SinceOutline {
  static constexpr std::size_t kNew = static_cast<std::size_t>(-1);
  SinceOutline(const Outline& before, const Outline& now);

  [[nodiscard]] bool has_all_tables() const;

  std::vector<std::size_t> tables;  // by place now; kNew where it was not there
  std::vector<std::size_t> groups;
  std::vector<std::size_t> gone;  // groups of before that are no more
  // By group now, where that is new, and question of it: the group and question of before that
  // asked the same.
  struct Place {
    std::size_t group = kNew;
    std::size_t question = kNew;
  };
  std::vector<std::vector<Place>> questions;
};

}  // namespace assay::collector
