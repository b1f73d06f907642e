#include "collector/move/store_move.h"

#include <optional>
#include <set>
#include <variant>
#include <vector>

#include "collector/move/moved_tables.h"
#include "collector/store/postgres/postgres_store.h"
#include "collector/store/sqlite/database.h"
#include "collector/store/sqlite/sqlite_store.h"
#include "evidence/refusal.h"

namespace assay::collector {
namespace {

constexpr std::size_t kBatchRows = 500;
constexpr std::size_t kBatchBytes = 4U << 20U;
constexpr std::size_t kWhenOfSnapshot = 8;  // accepted_at
constexpr std::size_t kWhenRemoved = 12;    // removed_at

using Cell = std::variant<std::monostate, std::int64_t, std::string>;
using Row = std::vector<Cell>;

// What of a table goes where; only a snapshot is divided.
struct Part {
  std::string_view into;
  std::string_view columns;
  std::vector<std::size_t> cells;
};

std::vector<Part> parts_of(const MovedTable& table) {
  if (table.name == "snapshots")
    return {
        {"snapshots",
         "number, digest, host_id, sequence, previous, profile, started, ended, accepted_at,"
         " serial, removed_at, manifest_base",
         {0, 1, 2, 3, 4, 5, 6, 7, 8, 9, kWhenRemoved, 13}},
        {"manifests", "host_id, sequence, accepted_at, manifest, signature", {2, 3, 8, 10, 11}}};
  Part all{table.name, table.columns, {}};
  for (std::size_t i = 0; i < table.kinds.size(); ++i) all.cells.push_back(i);
  return {std::move(all)};
}

std::string insert_into(const Part& part) {
  std::string sql =
      "INSERT INTO " + std::string(part.into) + " (" + std::string(part.columns) + ") VALUES (?";
  for (std::size_t i = 1; i < part.cells.size(); ++i) sql += ", ?";
  // A new database has this row already.
  if (part.into == "ledger_state")
    return sql +
           ") ON CONFLICT (one) DO UPDATE SET last_snapshot = excluded.last_snapshot,"
           " last_act = excluded.last_act";
  return sql + ") ON CONFLICT DO NOTHING";
}

// A snapshot whose manifest is not there any more.
bool is_removed(const MovedTable& table, const Row& row) {
  return table.name == "snapshots" && std::holds_alternative<std::int64_t>(row[kWhenRemoved]);
}

Row read_row(const sql::Statement& rows, std::string_view kinds) {
  Row row;
  for (std::size_t i = 0; i < kinds.size(); ++i) {
    const int column = static_cast<int>(i);
    if (rows.is_null(column))
      row.emplace_back();
    else if (kinds[i] == 'i' || kinds[i] == 'I' || kinds[i] == 'b')
      row.emplace_back(rows.integer(column));
    else
      row.emplace_back(rows.text(column));
  }
  return row;
}

void bind_cell(sql::Statement& statement, const Cell& cell, char kind) {
  const auto* number = std::get_if<std::int64_t>(&cell);
  const auto* bytes = std::get_if<std::string>(&cell);
  switch (kind) {
    case 'b': statement.bind(number != nullptr && *number != 0); break;
    case 'i':
    case 'I': statement.bind(number ? std::optional(*number) : std::nullopt); break;
    case 't':
    case 'T': statement.bind(bytes ? std::optional<std::string_view>(*bytes) : std::nullopt); break;
    case 'D':
    case 'Y':
      if (bytes == nullptr)
        statement.bind(std::optional<evidence::Digest>());
      else
        statement.bind(sql::Blob{*bytes});
      break;
    default: statement.bind(sql::Blob{bytes ? std::string_view(*bytes) : std::string_view()});
  }
}

Result<std::int64_t> number_in(sql::Connection& connection, const std::string& sql) {
  auto rows = connection.prepare(sql);
  const auto row = rows.step();
  if (!row) return fail(row.error());
  return *row && !rows.is_null(0) ? rows.integer(0) : 0;
}

class Move {
 public:
  Move(const MoveOptions& options, sqlite::Connection& from, postgres::PostgresStore& to)
      : options_(options), from_(from), to_(to) {}

  Status begin();
  Result<std::int64_t> move(const MovedTable& table);
  Status end();

 private:
  Result<std::int64_t> asked_there(const std::string& sql);
  Status write(const MovedTable& table, const std::vector<Row>& rows);
  Status copy(const MovedTable& table, std::int64_t after);

  const MoveOptions& options_;
  sqlite::Connection& from_;
  postgres::PostgresStore& to_;
};

Result<std::int64_t> Move::asked_there(const std::string& sql) {
  std::int64_t answer = 0;
  auto done = to_.read([&](sql::Connection& connection) -> Status {
    const auto number = number_in(connection, sql);
    if (!number) return fail(number.error());
    answer = *number;
    return {};
  });
  if (!done) return fail(done.error());
  return answer;
}

// The database must be empty, or hold what an earlier attempt of this very move has left.
Status Move::begin() {
  return to_.write([&](sql::Connection& connection) -> Status {
    auto known = connection.prepare("SELECT ended IS NOT NULL FROM moves WHERE company = ?");
    const auto row = known.bind(options_.company).step();
    if (!row) return fail(row.error());
    if (*row && known.integer(0) != 0)
      return refuse(Code::kConflict, {"this company was moved to that database already",
                                      "資料先前已全部移轉至該資料庫"});
    if (*row) return {};
    const auto others = number_in(
        connection, "SELECT (SELECT count(*) FROM tokens) + (SELECT count(*) FROM hosts)");
    if (!others) return fail(others.error());
    if (*others != 0)
      return refuse(Code::kConflict, {"that database holds another company's evidence",
                                      "該資料庫已存有其他機構的資料"});
    return connection.prepare("INSERT INTO moves (company, began) VALUES (?, ?)")
        .bind(options_.company, options_.now)
        .run();
  });
}

Status Move::write(const MovedTable& table, const std::vector<Row>& rows) {
  if (table.name == "snapshots") {
    std::set<evidence::Seconds> times;
    for (const auto& row : rows)
      if (!is_removed(table, row))
        times.emplace(std::chrono::seconds(std::get<std::int64_t>(row[kWhenOfSnapshot])));
    const std::vector<evidence::Seconds> each(times.begin(), times.end());
    if (auto done = to_.prepare_for(each); !done) return done;
  }
  const auto parts = parts_of(table);
  return to_.write([&](sql::Connection& connection) -> Status {
    for (const auto& part : parts) {
      const auto sql = insert_into(part);
      for (const auto& row : rows) {
        if (part.into == "manifests" && is_removed(table, row)) continue;
        auto insert = connection.prepare(sql);
        for (const auto cell : part.cells) bind_cell(insert, row[cell], table.kinds[cell]);
        if (auto done = insert.queue(); !done) return done;
      }
    }
    return {};
  });
}

Status Move::copy(const MovedTable& table, std::int64_t after) {
  auto sql = "SELECT " + std::string(table.columns) + " FROM " + std::string(table.name);
  if (table.is_numbered) sql += " WHERE number > ?";
  auto rows = from_.prepare(sql + " ORDER BY 1");
  if (table.is_numbered) rows.bind(after);
  std::vector<Row> batch;
  std::size_t bytes = 0;
  for (;;) {
    const auto row = rows.step();
    if (!row) return fail(row.error());
    if (*row) {
      batch.push_back(read_row(rows, table.kinds));
      for (const auto& cell : batch.back())
        if (const auto* text = std::get_if<std::string>(&cell)) bytes += text->size();
    }
    if (batch.size() >= kBatchRows || bytes >= kBatchBytes || (!*row && !batch.empty())) {
      if (auto done = write(table, batch); !done) return fail(done.error().within(table.name));
      batch.clear();
      bytes = 0;
    }
    if (!*row) return {};
  }
}

Result<std::int64_t> Move::move(const MovedTable& table) {
  const std::string name(table.name);
  std::int64_t after = -1;
  if (table.is_numbered) {
    const auto last = asked_there("SELECT coalesce(max(number), -1) FROM " + name);
    if (!last) return last;
    after = *last;
  }
  if (auto done = copy(table, after); !done) return fail(done.error());
  const auto here = number_in(from_, "SELECT count(*) FROM " + name);
  if (!here) return here;
  const auto there = asked_there("SELECT count(*) FROM " + name);
  if (!there) return there;
  if (*here != *there)
    return refuse(Code::kInvalidData,
                  {"{}: {} rows here, {} there", "{}：來源 {} 列，目的地 {} 列"}, name, *here,
                  *there);
  return *here;
}

// New rows are numbered behind the moved ones.
Status Move::end() {
  return to_.write([&](sql::Connection& connection) -> Status {
    for (const auto& table : moved_tables()) {
      if (!table.is_numbered || table.name == "ledger_entries" || table.name == "acts" ||
          table.name == "catalogue_times")
        continue;
      const std::string name(table.name);
      auto set = number_in(connection, "SELECT setval(pg_get_serial_sequence('" + name +
                                           "', 'number'), (SELECT max(number) FROM " + name +
                                           ")) WHERE EXISTS (SELECT 1 FROM " + name + ")");
      if (!set) return fail(set.error());
    }
    return connection.prepare("UPDATE moves SET ended = ? WHERE company = ?")
        .bind(options_.now, options_.company)
        .run();
  });
}

}  // namespace

Result<std::int64_t> move_store(const MoveOptions& options) {
  // Brought forward first, so that its tables are as they are written down here.
  if (auto store = sqlite::SqliteStore::open({.path = options.from}); !store)
    return fail(store.error());
  auto from = sqlite::Connection::open(options.from, sqlite::Access::kReadOnly);
  if (!from) return fail(from.error());
  sqlite::ReadTransaction moment(**from);
  if (auto begun = moment.begin(); !begun) return fail(begun.error());
  postgres::Options target;
  target.conninfo = options.conninfo;
  auto to = postgres::PostgresStore::open(target);
  if (!to) return fail(to.error());
  Move move(options, **from, **to);
  if (auto begun = move.begin(); !begun) return fail(begun.error());
  std::int64_t sum = 0;
  for (const auto& table : moved_tables()) {
    const auto rows = move.move(table);
    if (!rows) return rows;
    sum += *rows;
    if (options.on_table) options.on_table(table.name, *rows);
  }
  if (auto done = move.end(); !done) return fail(done.error());
  return sum;
}

}  // namespace assay::collector
