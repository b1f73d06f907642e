#include "collector/store/sql/acts.h"

#include <algorithm>
#include <array>

#include "collector/store/sql/rows.h"

namespace assay::collector::sql {
namespace {

// How the details of a kind are read: the token and the person's name first (NULL for what is done
// at the collector itself, or by it), then each detail. What they are is in docs/formats/ledger.md:
// once something was logged by them, neither names nor order nor form may change.
struct Kind {
  std::string_view name;
  std::string_view details;  // names, each with its form: t text, i integer, d digest
  std::string_view sql;      // ?1 is the record
  bool is_numbered = true;   // else the record is a text
};

constexpr std::array kKinds = {
    Kind{"pack_made", "framework:t,edition:t,since:i,as_of:i,hosts:t,pack:d",
         "SELECT token_id, name, framework, edition, since, as_of, hosts, digest FROM packs"
         " WHERE number = ?1"},
    Kind{"waiver_requested",
         "check:t,finding:d,hosts:t,groups:t,frameworks:t,reason:t,measure:t,until:t",
         "SELECT token_id, name, check_id, finding, hosts, groups, frameworks, reason, measure,"
         " until FROM waivers WHERE number = ?1"},
    Kind{"waiver_decided", "waiver:i,decision:t,note:t",
         "SELECT token_id, name, waiver, kind, note FROM waiver_acts WHERE number = ?1"},
    Kind{"attestation_recorded",
         "framework:t,edition:t,control:t,hosts:t,groups:t,statement:t,owner:t,attested_on:t,until:"
         "t",
         "SELECT token_id, name, framework, edition, control, hosts, groups, statement, owner,"
         " attested_on, until FROM attestations WHERE number = ?1"},
    Kind{"attestation_ended", "attestation:i,how:t,note:t",
         "SELECT token_id, name, attestation, kind, note FROM attestation_acts WHERE number = ?1"},
    Kind{"file_attached", "attestation:i,file:t,sha256:d,bytes:i",
         "SELECT token_id, person, attestation, name, digest, bytes FROM attestation_files"
         " WHERE number = ?1"},
    Kind{"approved", "list:t,row:t,until:t,note:t",
         "SELECT token_id, name, list, row, until, note FROM approvals WHERE number = ?1"},
    Kind{"approval_withdrawn", "list:t,row:t,note:t",
         "SELECT withdrawn_token, withdrawn_name, list, row, withdrawn_note FROM approvals"
         " WHERE number = ?1 AND withdrawn_at IS NOT NULL"},
    Kind{"register_changed", "host:t,fields:t,groups:t,note:t",
         "SELECT token_id, name, host_id, fields, groups, note FROM register_entries"
         " WHERE number = ?1"},
    Kind{"token_made", "for:t,person:t,role:t,sha256:d,created:i,expires:i",
         "SELECT NULL, NULL, kind, name, role, hash, created, expires FROM tokens WHERE id = ?1",
         false},
    Kind{"token_revoked", "person:t",
         "SELECT NULL, NULL, name FROM tokens WHERE id = ?1 AND revoked_at IS NOT NULL", false},
    Kind{"host_enrolled", "host:t,token:t,spent_at:i",
         "SELECT NULL, NULL, h.id, t.id, t.spent_at FROM hosts h LEFT JOIN tokens t ON t.host_id ="
         " h.id WHERE h.id = ?1",
         false},
    Kind{"host_revoked", "host:t",
         "SELECT NULL, NULL, id FROM hosts WHERE id = ?1 AND revoked_at IS NOT NULL", false},
    Kind{"terms_set", "since:i,stale_after:i,grade:t,kinds:t",
         "SELECT NULL, NULL, since, stale_after, grade, kinds FROM terms WHERE number = ?1"},
    Kind{"report_made", "week:t,since:i,until:i,sha256:d",
         "SELECT NULL, NULL, week, since, until, digest FROM reports WHERE number = ?1"},
};

const Kind* kind_of(std::string_view name) {
  for (const auto& kind : kKinds)
    if (kind.name == name) return &kind;
  return nullptr;
}

evidence::Value value_of(const Statement& row, int column, char form) {
  if (row.is_null(column)) return evidence::kNull;
  if (form == 'i') return row.integer(column);
  if (form == 'd') return row.digest(column).hex();
  return row.text(column);
}

Status add_details(Connection& connection, evidence::Act* act) {
  const auto* kind = kind_of(act->kind);
  if (kind == nullptr) return {};
  auto rows = connection.prepare(kind->sql);
  if (kind->is_numbered)
    rows.bind(number_in(act->record).value_or(0));
  else
    rows.bind(act->record);
  const auto row = rows.step();
  if (!row) return fail(row.error());
  if (!*row) return {};
  act->token = rows.text(0);
  act->name = rows.text(1);
  int column = 2;
  for (auto rest = kind->details; !rest.empty(); ++column) {
    const auto colon = rest.find(':');
    act->details.emplace_back(rest.substr(0, colon), value_of(rows, column, rest[colon + 1]));
    rest.remove_prefix(std::min(rest.size(), colon + 3));  // ":t,"
  }
  return {};
}

evidence::Act read_act(const Statement& row) {
  evidence::Act act;
  act.number = row.integer(0);
  act.kind = row.text(1);
  act.record = row.text(2);
  act.at = row.time(3);
  return act;
}

Status add_details(Connection& connection, std::vector<evidence::Act>* acts) {
  for (auto& act : *acts)
    if (auto added = add_details(connection, &act); !added) return added;
  return {};
}

}  // namespace

Status add_act(Connection& connection, std::string_view kind, std::string_view record,
               evidence::Seconds at) {
  return connection
      .prepare(
          "INSERT INTO acts (number, kind, record, at)"
          " SELECT coalesce(max(number), 0) + 1, ?1, ?2, ?3 FROM acts")
      .bind(kind, record, at)
      .queue();
}

Status add_act(Connection& connection, std::string_view kind, std::int64_t record,
               evidence::Seconds at) {
  return add_act(connection, kind, std::to_string(record), at);
}

Result<std::vector<evidence::Act>> acts_behind_the_last(Connection& connection, std::size_t limit) {
  auto rows = connection.prepare(
      "SELECT number, kind, record, at FROM acts"
      " WHERE number > (SELECT last_act FROM ledger_state) ORDER BY number LIMIT ?");
  rows.bind(limit);
  auto acts = all(rows, read_act);
  if (!acts) return acts;
  if (auto added = add_details(connection, &*acts); !added) return fail(added.error());
  return acts;
}

Result<Page<evidence::Act>> acts_after(Connection& connection, std::int64_t number,
                                       std::size_t limit) {
  auto rows = connection.prepare(
      "SELECT number, kind, record, at FROM acts WHERE number > ? ORDER BY number LIMIT ?");
  rows.bind(number, limit + 1);
  auto page = page_of(rows, limit, read_act,
                      [](const evidence::Act& last) { return std::to_string(last.number); });
  if (!page) return page;
  if (auto added = add_details(connection, &page->items); !added) return fail(added.error());
  return page;
}

}  // namespace assay::collector::sql
