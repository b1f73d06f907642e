// Who looks on while a Host walks over its whole file system; see Host::walk().
#pragma once

#include <cstdint>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "agent/host/file_status.h"

namespace assay::agent {

struct TreeEntry {
  std::string_view path;  // absolute; valid during the call only
  std::string_view name;  // the last part of the path
  const FileStatus& status;
};

class TreeVisitor {
 public:
  virtual ~TreeVisitor() = default;
  virtual void visit(const TreeEntry& entry) = 0;
  // Asked now and then: the walk ends with an error as soon as it is true.
  [[nodiscard]] virtual bool is_over() { return false; }
};

struct WalkSummary {
  std::int64_t entries = 0;
  // Folders that we may not look into: what is below them was not seen. The first of them by name.
  std::int64_t unreadable = 0;
  std::string first_unreadable;
  // Where folders lie deeper than kMaxWalkDepth, which were not seen: the parts of the tree, at
  // most kMaxDeepPlaces of them, sorted.
  std::set<std::string> too_deep = {};
  bool has_more_too_deep = false;
  std::vector<std::string> skipped_mounts;  // network, FUSE and unknown kinds of file system
};

// Limits of one walk.
inline constexpr std::int64_t kMaxWalkEntries = 50'000'000;
inline constexpr int kMaxWalkDepth = 128;
inline constexpr std::size_t kMaxDeepPlaces = 10;

}  // namespace assay::agent
