// Places that a walker of the file system could not or would not look at, in words for its table.
//
// Every table of a walk says them alike: a row with `path` (the folder) and `note`, which begins with
// kNotLookedAt, and NULL in every column about a thing that was found. What lies there is unknown;
// a check that finds nothing in the other rows may not pass because of them.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "agent/host/tree_visitor.h"

namespace assay::agent {

inline constexpr std::string_view kNotLookedAt = "not looked at: ";

struct UnseenPlace {
  std::string path;
  std::string note;
  bool operator==(const UnseenPlace&) const = default;
};

// Those that the walk itself left out because they lie too deep.
[[nodiscard]] std::vector<UnseenPlace> unseen_places(const WalkSummary& walk);

}  // namespace assay::agent
