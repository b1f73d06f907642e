#include "collector/fsck/fsck.h"

#include <algorithm>

#include "collector/fsck/examiner.h"
#include "evidence/canonical.h"

namespace assay::collector {

namespace {

Status examine_engine(Examination& examination) {
  const auto complaints = examination.store.self_check();
  const Text subject{"database", "資料庫"};
  if (!complaints) return examination.note(subject, complaints.error());
  for (const auto& complaint : *complaints) examination.damage(subject, complaint);
  return {};
}

Result<std::int64_t> rows_of(EvidenceStore& store, const TableFacts& facts) {
  const auto bytes = store.table_bytes(facts.digest);
  if (!bytes) return fail(bytes.error());
  const auto table = evidence::from_canonical(*bytes);
  if (!table) return fail(table.error());
  if (table->header().table != facts.name)
    return refuse(Code::kInvalidData,
                  {"it is stored as {} and calls itself {}", "以 {} 保存，內容卻為 {}"}, facts.name,
                  table->header().table);
  if (static_cast<std::int64_t>(bytes->size()) != facts.bytes)
    return refuse(Code::kInvalidData, {"it is stored with another size", "登載的大小與內容不符"});
  return static_cast<std::int64_t>(table->rows().size());
}

Status read_removals(Examination& examination) {
  return for_every([&](const PageRequest& page) { return examination.store.removals(page); },
                   [&](const Removal& removal) -> Status {
                     examination.horizon = std::max(examination.horizon, removal.horizon);
                     if (removal.horizon >= removal.at)
                       examination.damage(
                           phrase({"removal {}", "第 {} 次移除"}, removal.number),
                           phrase({"its horizon is behind its own time", "期限晚於移除的時間"}));
                     return {};
                   });
}

}  // namespace

Status examine_tables(Examination& examination) {
  return for_every([&](const PageRequest& page) { return examination.store.stored_tables(page); },
                   [&](const TableFacts& facts) -> Status {
                     ++examination.counts.tables;
                     const auto subject = phrase({"table {}", "資料表 {}"}, facts.digest.hex());
                     const auto rows = rows_of(examination.store, facts);
                     if (!rows) return examination.note(subject, rows.error());
                     examination.tables.emplace(facts.digest, std::pair(facts, *rows));
                     return {};
                   });
}

Status examine_files(Examination& examination) {
  const auto look = [&](const Attestation& attestation) -> Status {
    for (const auto& file : attestation.files) {
      ++examination.counts.files;
      const auto subject = phrase({"file {} of {}", "{1} 的附件 {0}"}, file.name, attestation.id);
      const auto bytes = examination.store.file(file.digest);
      if (!bytes) {
        if (auto noted = examination.note(subject, bytes.error()); !noted) return noted;
      } else if (evidence::sha256(*bytes) != file.digest ||
                 static_cast<std::int64_t>(bytes->size()) != file.bytes) {
        examination.damage(subject, phrase({"it has another digest or size than was recorded",
                                            "摘要值或大小與登載的不同"}));
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
  Examination examination{store, options, {}, {}, {}, evidence::OpenedCertificate::of(options.ca_pem)};
  for (const auto part :
       {examine_engine, read_removals, examine_tables, examine_files, examine_reports,
        examine_hosts, examine_register, examine_results, examine_judgements, examine_ledger,
        examine_time_stamps, examine_cosignatures})
    if (auto done = part(examination); !done) return fail(done.error());
  return examination.counts;
}

}  // namespace assay::collector
