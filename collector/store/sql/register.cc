// The register of machines.
#include "collector/store/sql/acts.h"
#include "collector/store/sql/evidence_rows.h"
#include "collector/store/sql/host_rows.h"
#include "collector/store/sql/record_rows.h"
#include "collector/store/sql/rows.h"
#include "collector/store/sql/sql_store.h"
#include "evidence/refusal.h"

namespace assay::collector::sql {
namespace {

constexpr std::string_view kColumns =
    "SELECT host_id, number, fields, groups, register_table, groups_table, token_id, name, note,"
    " since, until FROM register_entries ";

std::string sql(std::string_view rest) {
  return std::string(kColumns).append(rest);
}

// Groups are kept one in a line; their names hold no line break.
std::string join_lines(const std::vector<std::string>& lines) {
  std::string text;
  for (const auto& line : lines) text += line + '\n';
  return text;
}

std::vector<std::string> split_lines(std::string_view text) {
  std::vector<std::string> lines;
  while (!text.empty()) {
    const auto end = text.find('\n');
    lines.emplace_back(text.substr(0, end));
    text.remove_prefix(end == std::string_view::npos ? text.size() : end + 1);
  }
  return lines;
}

RegisterEntry read_entry(const Statement& row) {
  RegisterEntry entry;
  entry.host_id = row.text(0);
  entry.number = row.integer(1);
  entry.fields = row.text(2);
  entry.groups = split_lines(row.text(3));
  entry.register_table = row.digest(4);
  entry.groups_table = row.digest(5);
  entry.by = {row.text(6), row.text(7)};
  entry.note = row.text(8);
  entry.since = row.time(9);
  entry.until = row.optional_time(10);
  return entry;
}

Status check_known(Connection& connection, const std::string& host_id) {
  auto rows = connection.prepare("SELECT 1 FROM hosts WHERE id = ?");
  const auto row = rows.bind(host_id).step();
  if (!row) return fail(row.error());
  if (!*row) return no_host(host_id);
  return {};
}

Status end_entry(Connection& connection, const RegisterEntry& next) {
  if (next.number == 0) {
    auto rows = connection.prepare("SELECT 1 FROM register_entries WHERE host_id = ? LIMIT 1");
    const auto row = rows.bind(next.host_id).step();
    if (!row) return fail(row.error());
    if (*row)
      return refuse(Code::kConflict,
                    {"the register was changed in between", "資產清冊剛被他人修改"});
    return {};
  }
  auto done = connection
                  .prepare(
                      "UPDATE register_entries SET until = ?3 WHERE host_id = ?1 AND number = ?2"
                      " AND until IS NULL")
                  .bind(next.host_id, next.number, next.since)
                  .run();
  if (done && connection.changes() == 0)
    return refuse(Code::kConflict, {"the register was changed in between", "資產清冊剛被他人修改"});
  return done;
}

Status insert_entry(Connection& connection, const RegisterEntry& entry) {
  auto rows = connection.prepare(
      "INSERT INTO register_entries (host_id, fields, groups, register_table, groups_table,"
      " token_id, name, note, since) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?) RETURNING number");
  rows.bind(entry.host_id, entry.fields, join_lines(entry.groups), entry.register_table,
            entry.groups_table, entry.by.token_id, entry.by.name, entry.note, entry.since);
  const auto number = inserted(rows);
  if (!number) return fail(number.error());
  return add_act(connection, "register_changed", *number, entry.since);
}

}  // namespace

Result<RegisterEntry> SqlStore::do_register_entry(std::string_view host_id,
                                                  std::optional<evidence::Seconds> as_of) {
  return reading([&](Connection& connection) -> Result<RegisterEntry> {
    auto rows = connection.prepare(
        as_of ? sql("WHERE host_id = ?1 AND since <= ?2 AND (until IS NULL OR until > ?2)")
              : sql("WHERE host_id = ?1 AND until IS NULL AND ?2 IS NULL"));
    const auto row = rows.bind(host_id, as_of).step();
    if (!row) return fail(row.error());
    if (*row) return read_entry(rows);
    RegisterEntry nothing;
    nothing.host_id = host_id;
    return nothing;
  });
}

Result<Page<RegisterEntry>> SqlStore::do_register_entries(std::optional<evidence::Seconds> as_of,
                                                          const PageRequest& page) {
  return reading([&](Connection& connection) -> Result<Page<RegisterEntry>> {
    auto rows = connection.prepare(
        as_of
            ? sql("WHERE host_id > ?1 AND since <= ?3 AND (until IS NULL OR until > ?3)"
                  " ORDER BY host_id LIMIT ?2")
            : sql("WHERE host_id > ?1 AND until IS NULL AND ?3 IS NULL ORDER BY host_id LIMIT ?2"));
    rows.bind(page.cursor, page.limit + 1, as_of);
    return page_of(rows, page.limit, read_entry,
                   [](const RegisterEntry& last) { return last.host_id; });
  });
}

Result<Page<RegisterEntry>> SqlStore::do_register_history(std::string_view host_id,
                                                          const PageRequest& page) {
  return reading([&](Connection& connection) -> Result<Page<RegisterEntry>> {
    auto rows =
        connection.prepare(sql("WHERE host_id = ?1 AND (?2 IS NULL OR number < ?2)"
                               " ORDER BY number DESC LIMIT ?3"));
    rows.bind(host_id, number_in(page.cursor), page.limit + 1);
    return page_of(rows, page.limit, read_entry,
                   [](const RegisterEntry& last) { return std::to_string(last.number); });
  });
}

Status SqlStore::do_change_register(std::span<const RegisterChange> changes) {
  return writing(Lock::kRecords, [&](Connection& connection) -> Status {
    for (const auto& [entry, tables] : changes) {
      if (auto there = check_known(connection, entry.host_id); !there) return there;
      // In this order: from the first on nobody takes them away.
      if (auto done = note_uses(connection, digests_of(tables), entry.since); !done) return done;
      if (auto done = insert_tables(connection, tables); !done) return done;
      if (auto done = end_entry(connection, entry); !done)
        return fail(done.error().within("host " + entry.host_id));
      if (auto done = insert_entry(connection, entry); !done) return done;
    }
    return {};
  });
}

}  // namespace assay::collector::sql
