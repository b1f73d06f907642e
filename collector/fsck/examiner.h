// What the parts of an examination share. Used by one thread.
#pragma once

#include <map>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "collector/fsck/fsck.h"
#include "evidence/refusal.h"
#include "evidence/signature.h"

namespace assay::collector {

struct Examination {
  Store& store;
  const FsckOptions& options;
  FsckCounts counts;
  // Tables that are as they should be, and how many rows they have.
  std::map<evidence::Digest, std::pair<TableFacts, std::int64_t>> tables;
  // Before which evidence was removed, by the removals on record.
  evidence::Seconds horizon{};
  Result<evidence::OpenedCertificate> ca;  // of the options

  void damage(const Text& subject, const Text& detail) {
    ++counts.damaged;
    if (options.on_damage) options.on_damage(subject, detail);
  }
  // A damage of this one thing; any other error (the store is away) ends the examination.
  [[nodiscard]] Status note(const Text& subject, const Error& error) {
    if (error.code() == Code::kUnavailable || error.code() == Code::kIo ||
        error.code() == Code::kPermissionDenied)
      return fail(error);
    damage(subject, error.text());
    return {};
  }
};

[[nodiscard]] Status examine_tables(Examination& examination);
[[nodiscard]] Status examine_hosts(Examination& examination);
[[nodiscard]] Status examine_files(Examination& examination);
[[nodiscard]] Status examine_reports(Examination& examination);
[[nodiscard]] Status examine_register(Examination& examination);
[[nodiscard]] Status examine_results(Examination& examination);
[[nodiscard]] Status examine_judgements(Examination& examination);
[[nodiscard]] Status examine_ledger(Examination& examination);
[[nodiscard]] Status examine_time_stamps(Examination& examination);
[[nodiscard]] Status examine_cosignatures(Examination& examination);

// A checkpoint that something is kept over: the ledger signed it, and begins with its tree.
[[nodiscard]] Status check_kept_checkpoint(std::string_view note, std::int64_t size,
                                           const evidence::VerifierKey& key,
                                           evidence::TileTree& tree);

}  // namespace assay::collector
