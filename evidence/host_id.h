// A host's id as the collector gives it out. Pure.
#pragma once

#include <algorithm>
#include <string_view>

#include "evidence/limits.h"

namespace assay::evidence {

// [a-z0-9-]{1,40}
[[nodiscard]] inline bool is_host_id(std::string_view text) {
  return !text.empty() && text.size() <= kMaxHostIdBytes && std::ranges::all_of(text, [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-';
  });
}

}  // namespace assay::evidence
