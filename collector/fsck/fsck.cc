#include "collector/fsck/fsck.h"

#include <algorithm>

#include "collector/fsck/examiner.h"
#include "evidence/canonical.h"
#include "evidence/compress.h"
#include "evidence/limits.h"

namespace assay::collector {

namespace {

Status examine_engine(Examination& examination) {
  const auto complaints = examination.store.self_check();
  if (!complaints) return examination.note("database", complaints.error());
  for (const auto& complaint : *complaints) examination.damage("database", complaint);
  return {};
}

Result<std::int64_t> rows_of(const StoredTable& stored) {
  const auto& facts = stored.facts;
  const auto bytes = evidence::decompress(stored.frame, evidence::kMaxTableBytes);
  if (!bytes) return fail(bytes.error());
  if (evidence::sha256(*bytes) != facts.digest)
    return fail(Code::kInvalidData, "its bytes have another digest");
  const auto table = evidence::from_canonical(*bytes);
  if (!table) return fail(table.error());
  if (table->header().table != facts.name)
    return fail(Code::kInvalidData,
                "it is stored as " + facts.name + " and calls itself " + table->header().table);
  if (static_cast<std::int64_t>(bytes->size()) != facts.bytes)
    return fail(Code::kInvalidData, "it is stored with another size");
  return static_cast<std::int64_t>(table->rows().size());
}

Status read_removals(Examination& examination) {
  return for_every([&](const PageRequest& page) { return examination.store.removals(page); },
                   [&](const Removal& removal) -> Status {
                     examination.horizon = std::max(examination.horizon, removal.horizon);
                     if (removal.horizon >= removal.at)
                       examination.damage("removal " + std::to_string(removal.number),
                                          "its horizon is behind its own time");
                     return {};
                   });
}

}  // namespace

Status examine_tables(Examination& examination) {
  return for_every([&](const PageRequest& page) { return examination.store.stored_tables(page); },
                   [&](const TableFacts& facts) -> Status {
                     ++examination.counts.tables;
                     const std::string subject = "table " + facts.digest.hex();
                     const auto stored = examination.store.table(facts.digest);
                     if (!stored) return examination.note(subject, stored.error());
                     const auto rows = rows_of(*stored);
                     if (!rows) return examination.note(subject, rows.error());
                     auto known = stored->facts;
                     known.used_at = facts.used_at;
                     examination.tables.emplace(facts.digest, std::pair(std::move(known), *rows));
                     return {};
                   });
}

Status examine_files(Examination& examination) {
  const auto look = [&](const Attestation& attestation) -> Status {
    for (const auto& file : attestation.files) {
      ++examination.counts.files;
      const std::string subject = "file " + file.name + " of " + attestation.id;
      const auto bytes = examination.store.file(file.digest);
      if (!bytes) {
        if (auto noted = examination.note(subject, bytes.error()); !noted) return noted;
      } else if (evidence::sha256(*bytes) != file.digest ||
                 static_cast<std::int64_t>(bytes->size()) != file.bytes) {
        examination.damage(subject, "it has another digest or size than was recorded");
      }
    }
    return {};
  };
  AttestationFilter every;
  every.when = std::chrono::sys_days(std::chrono::year(9999) / 12 / 31);
  return for_every(
      [&](const PageRequest& page) { return examination.store.attestations(every, page); }, look);
}

Result<FsckCounts> fsck(Store& store, const FsckOptions& options) {
  Examination examination{store, options, {}, {}, {}};
  for (const auto part : {examine_engine, read_removals, examine_tables, examine_files,
                          examine_hosts, examine_ledger, examine_time_stamps, examine_cosignatures})
    if (auto done = part(examination); !done) return fail(done.error());
  return examination.counts;
}

}  // namespace assay::collector
