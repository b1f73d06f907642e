// Attestations, what became of them, and their files.
#include "collector/store/sql/acts.h"
#include "collector/store/sql/posture_rows.h"
#include "collector/store/sql/record_rows.h"
#include "collector/store/sql/rows.h"
#include "collector/store/sql/sql_store.h"
#include "evidence/refusal.h"

namespace assay::collector::sql {
namespace {

constexpr std::string_view kIdPrefix = "ATT-";
constexpr std::string_view kColumns =
    "SELECT number, framework, edition, control, hosts, statement, owner, attested_on, until,"
    " token_id, name, recorded_at, groups FROM attestations t ";

// What Attestation::state_at() says, for filters: ?1 is the moment, ?2 its day.
constexpr std::string_view kStateAt =
    "coalesce((SELECT a.kind FROM attestation_acts a WHERE a.attestation = t.number AND"
    " a.at <= ?1), CASE WHEN t.until < ?2 THEN 'ended' ELSE 'in_force' END)";

Attestation read_attestation(const Statement& row) {
  Attestation attestation;
  attestation.id = record_id(kIdPrefix, row.integer(0));
  attestation.framework = row.text(1);
  attestation.edition = row.text(2);
  attestation.control = row.text(3);
  attestation.hosts = split_frameworks(row.text(4));
  attestation.statement = row.text(5);
  attestation.owner = row.text(6);
  attestation.attested_on = row.text(7);
  attestation.until = row.text(8);
  attestation.recorder = {row.text(9), row.text(10)};
  attestation.recorded_at = row.time(11);
  attestation.groups = split_frameworks(row.text(12));
  return attestation;
}

AttestationAct read_act(const Statement& row) {
  AttestationAct act;
  const bool is_withdrawn = row.text(0) == name_of(AttestationAct::Kind::kWithdrawn);
  act.kind = is_withdrawn ? AttestationAct::Kind::kWithdrawn : AttestationAct::Kind::kSuperseded;
  act.by = {row.text(1), row.text(2)};
  act.note = row.text(3);
  act.at = row.time(4);
  return act;
}

AttestedFile read_file(const Statement& row) {
  return {row.text(0), row.digest(1), row.integer(2), {row.text(3), row.text(4)}, row.time(5)};
}

Status add_details(Connection& connection, Attestation* attestation) {
  const auto number = record_number(kIdPrefix, attestation->id);
  auto act_rows = connection.prepare(
      "SELECT kind, token_id, name, note, at FROM attestation_acts WHERE attestation = ?");
  act_rows.bind(number);
  auto acts = all(act_rows, read_act);
  if (!acts) return fail(acts.error());
  attestation->acts = std::move(*acts);
  auto file_rows = connection.prepare(
      "SELECT name, digest, bytes, token_id, person, at FROM attestation_files"
      " WHERE attestation = ? ORDER BY number");
  file_rows.bind(number);
  auto files = all(file_rows, read_file);
  if (!files) return fail(files.error());
  attestation->files = std::move(*files);
  return {};
}

Result<Attestation> read_one(Connection& connection, std::string_view id) {
  auto rows = connection.prepare(std::string(kColumns) + "WHERE number = ?");
  rows.bind(record_number(kIdPrefix, id));
  auto attestation = one(rows, read_attestation,
                         [&] { return phrase({"no attestation {}", "找不到聲明 {}"}, id); });
  if (!attestation) return attestation;
  if (auto added = add_details(connection, &*attestation); !added) return fail(added.error());
  return attestation;
}

Status write_act(Connection& connection, std::int64_t number, const AttestationAct& act) {
  auto rows = connection.prepare(
      "INSERT INTO attestation_acts (attestation, kind, token_id, name, note, at)"
      " VALUES (?, ?, ?, ?, ?, ?) RETURNING number");
  rows.bind(number, name_of(act.kind), act.by.token_id, act.by.name, act.note, act.at);
  const auto written = inserted(rows);
  if (!written) return fail(written.error());
  return add_act(connection, "attestation_ended", *written, act.at);
}

// What `added` takes the place of is superseded by it.
Status supersede(Connection& connection, const Attestation& added) {
  auto rows = connection.prepare(
      "SELECT number FROM attestations t WHERE framework = ?3 AND edition = ?4 AND control = ?5"
      " AND hosts = ?6 AND groups = ?8 AND number <> ?7 AND 'in_force' = " +
      std::string(kStateAt));
  rows.bind(added.recorded_at, evidence::to_date(added.recorded_at), added.framework, added.edition,
            added.control, join_frameworks(added.hosts), record_number(kIdPrefix, added.id),
            join_frameworks(added.groups));
  const auto earlier = all(rows, [](const Statement& row) { return row.integer(0); });
  if (!earlier) return fail(earlier.error());
  for (const auto number : *earlier) {
    const AttestationAct act{AttestationAct::Kind::kSuperseded, added.recorder, added.id,
                             added.recorded_at};
    if (auto done = write_act(connection, number, act); !done) return done;
  }
  return {};
}

Status write_file(Connection& connection, std::int64_t number, const AttestedFile& file,
                  std::string_view frame) {
  auto stored = connection
                    .prepare(
                        "INSERT INTO files (digest, frame) VALUES (?, ?)"
                        " ON CONFLICT (digest) DO NOTHING")
                    .bind(file.digest, Blob{frame})
                    .run();
  if (!stored) return stored;
  auto rows = connection.prepare(
      "INSERT INTO attestation_files (attestation, name, digest, bytes, token_id, person, at)"
      " VALUES (?, ?, ?, ?, ?, ?, ?) RETURNING number");
  rows.bind(number, file.name, file.digest, file.bytes, file.by.token_id, file.by.name, file.at);
  const auto written = inserted(rows);
  if (!written) return fail(written.error());
  return add_act(connection, "file_attached", *written, file.at);
}

}  // namespace

Result<Attestation> SqlStore::do_add_attestation(const Attestation& attestation) {
  return writing(Lock::kRecords, [&](Connection& connection) -> Result<Attestation> {
    Attestation added = attestation;
    added.acts.clear();
    added.files.clear();
    {
      auto rows = connection.prepare(
          "INSERT INTO attestations (framework, edition, control, hosts, statement, owner,"
          " attested_on, until, token_id, name, recorded_at, groups)"
          " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) RETURNING number");
      rows.bind(added.framework, added.edition, added.control, join_frameworks(added.hosts),
                added.statement, added.owner, added.attested_on, added.until,
                added.recorder.token_id, added.recorder.name, added.recorded_at,
                join_frameworks(added.groups));
      auto number = inserted(rows);
      if (!number) return fail(number.error());
      added.id = record_id(kIdPrefix, *number);
      if (auto act = add_act(connection, "attestation_recorded", *number, added.recorded_at); !act)
        return fail(act.error());
    }
    auto done = supersede(connection, added);
    if (!done) return fail(done.error());
    return added;
  });
}

Result<Attestation> SqlStore::do_withdraw_attestation(std::string_view id,
                                                      const AttestationAct& act) {
  return writing(Lock::kRecords, [&](Connection& connection) -> Result<Attestation> {
    auto attestation = read_one(connection, id);
    if (!attestation) return attestation;
    if (const auto state = attestation->state_at(act.at); state != AttestationState::kInForce)
      return refuse(Code::kConflict, {"{} cannot be withdrawn: it is {}", "{} 不能撤回：{}"},
                    attestation->id, words_for(state));
    auto done = write_act(connection, record_number(kIdPrefix, id), act);
    if (!done) return fail(done.error());
    attestation->acts.push_back(act);
    return attestation;
  });
}

Result<Attestation> SqlStore::do_attach(std::string_view id, const AttestedFile& file,
                                        std::string_view frame) {
  return writing(Lock::kRecords, [&](Connection& connection) -> Result<Attestation> {
    auto attestation = read_one(connection, id);
    if (!attestation) return attestation;
    for (const auto& there : attestation->files)
      if (there.name == file.name && there.digest == file.digest) return attestation;
    if (auto admitted = check_file(*attestation, file); !admitted) return fail(admitted.error());
    auto done = write_file(connection, record_number(kIdPrefix, id), file, frame);
    if (!done) return fail(done.error());
    attestation->files.push_back(file);
    return attestation;
  });
}

Result<std::string> SqlStore::do_file(const evidence::Digest& digest) {
  return reading([&](Connection& connection) -> Result<std::string> {
    auto rows = connection.prepare("SELECT frame FROM files WHERE digest = ?");
    rows.bind(digest);
    return one(
        rows, [](const Statement& row) { return row.text(0); },
        [&] { return phrase({"no file {}", "找不到檔案 {}"}, digest.hex()); });
  });
}

Result<Attestation> SqlStore::do_attestation(std::string_view id) {
  return reading(
      [&](Connection& connection) -> Result<Attestation> { return read_one(connection, id); });
}

Result<Page<Attestation>> SqlStore::do_attestations(const AttestationFilter& filter,
                                                    const PageRequest& page) {
  return reading([&](Connection& connection) -> Result<Page<Attestation>> {
    auto rows = connection.prepare(
        std::string(kColumns) +
        "WHERE t.recorded_at <= ?1 AND (?3 = '' OR ?3 = " + std::string(kStateAt) +
        ") AND (?4 = '' OR t.framework = ?4) AND (?5 = '' OR t.control = ?5) AND (?6 = '' OR " +
        is_about("t", "?6", "?10") +
        ") AND (?7 = '' OR t.until <= ?7) AND (?8 = 0 OR t.number < ?8)"
        " ORDER BY t.number DESC LIMIT ?9");
    rows.bind(filter.when, evidence::to_date(filter.when),
              filter.state ? name_of(*filter.state) : std::string_view(), filter.framework,
              filter.control, filter.host_id, filter.ends_by, record_number(kIdPrefix, page.cursor),
              page.limit + 1, join_frameworks(filter.host_groups));
    auto answer = page_of(rows, page.limit, read_attestation,
                          [](const Attestation& last) { return last.id; });
    if (!answer) return answer;
    for (auto& attestation : answer->items)
      if (auto added = add_details(connection, &attestation); !added) return fail(added.error());
    return answer;
  });
}

}  // namespace assay::collector::sql
