// What the parts of an examination share. Used by one thread.
#pragma once

#include <map>
#include <set>
#include <string>
#include <vector>

#include "collector/fsck/fsck.h"

namespace assay::collector {

// Calls `take(item)` for every item of a paged answer.
template <typename Read, typename Take>
Status for_every(Read read, Take take) {
  PageRequest request{{}, kMaxPage};
  do {
    auto page = read(request);
    if (!page) return fail(page.error());
    for (const auto& item : page->items)
      if (Status taken = take(item); !taken) return taken;
    request.cursor = page->next;
  } while (!request.cursor.empty());
  return {};
}

struct Examination {
  Store& store;
  const FsckOptions& options;
  FsckCounts counts;
  // Tables that are as they should be, and how many rows they have.
  std::map<evidence::Digest, std::pair<TableFacts, std::int64_t>> tables;

  void damage(const std::string& subject, const std::string& detail) {
    ++counts.damaged;
    if (options.on_damage) options.on_damage(subject, detail);
  }
  // A damage of this one thing; any other error (the store is away) ends the examination.
  [[nodiscard]] Status note(const std::string& subject, const Error& error) {
    if (error.code() == Code::kUnavailable || error.code() == Code::kIo ||
        error.code() == Code::kPermissionDenied)
      return fail(error);
    damage(subject, error.message());
    return {};
  }
};

[[nodiscard]] Status examine_tables(Examination& examination);
[[nodiscard]] Status examine_hosts(Examination& examination);
[[nodiscard]] Status examine_files(Examination& examination);
[[nodiscard]] Status examine_ledger(Examination& examination);

}  // namespace assay::collector
