#include "agent/probes/linux/accounts/logins/login_databases.h"

#include <sqlite3.h>

#include <array>
#include <memory>
#include <string>
#include <utility>

namespace assay::agent {
namespace {

constexpr std::size_t kMaxDatabaseBytes = 64U << 20U;
constexpr std::size_t kMinDatabaseBytes = 512;
constexpr int kMaxSteps = 50'000;  // times a thousand instructions of SQLite's machine
constexpr std::size_t kWriteVersionAt = 18;
constexpr std::int64_t kMicroseconds = 1'000'000;

struct Store {
  std::string_view path;
  const char* logins;  // name, Unix seconds, tty, remote host of each account's last login
  const char* since;   // when the records begin; null: the store does not tell
};

constexpr std::array<Store, 2> kStores = {
    Store{"/var/lib/lastlog/lastlog2.db", "SELECT Name, Time, TTY, RemoteHost FROM Lastlog2",
          nullptr},
    Store{"/var/lib/wtmpdb/wtmp.db",
          "SELECT User, max(Login) / 1000000, TTY, RemoteHost FROM wtmp WHERE Type = 3 GROUP BY "
          "User",
          "SELECT min(Login) FROM wtmp WHERE Login > 0"},
};

struct CloseDatabase {
  void operator()(sqlite3* database) const { sqlite3_close(database); }
};
struct CloseStatement {
  void operator()(sqlite3_stmt* statement) const { sqlite3_finalize(statement); }
};
using Database = std::unique_ptr<sqlite3, CloseDatabase>;
using Statement = std::unique_ptr<sqlite3_stmt, CloseStatement>;

std::unexpected<Error> broken(sqlite3* database) {
  return fail(Code::kInvalidData, database == nullptr ? "SQLite" : sqlite3_errmsg(database));
}

int count_steps(void* left) {
  return --*static_cast<int*>(left) < 0 ? 1 : 0;
}

// `bytes` and `steps_left` must outlive the database.
Result<Database> open(std::string& bytes, int& steps_left) {
  // One that is kept with a log beside it says so in its header and could not be opened without.
  bytes[kWriteVersionAt] = bytes[kWriteVersionAt + 1] = 1;
  sqlite3* raw = nullptr;
  const int opened = sqlite3_open_v2(":memory:", &raw, SQLITE_OPEN_READWRITE, nullptr);
  Database database(raw);
  if (opened != SQLITE_OK) return broken(raw);
  sqlite3_db_config(raw, SQLITE_DBCONFIG_DEFENSIVE, 1, nullptr);
  sqlite3_db_config(raw, SQLITE_DBCONFIG_TRUSTED_SCHEMA, 0, nullptr);
  sqlite3_progress_handler(raw, 1000, count_steps, &steps_left);
  const auto size = static_cast<sqlite3_int64>(bytes.size());
  if (sqlite3_deserialize(raw, "main", reinterpret_cast<unsigned char*>(bytes.data()), size, size,
                          SQLITE_DESERIALIZE_READONLY) != SQLITE_OK)
    return broken(raw);
  return database;
}

Result<Statement> prepare(sqlite3* database, const char* sql) {
  sqlite3_stmt* raw = nullptr;
  const int prepared = sqlite3_prepare_v2(database, sql, -1, &raw, nullptr);
  Statement statement(raw);
  if (prepared != SQLITE_OK || raw == nullptr) return broken(database);
  return statement;
}

std::string text_at(sqlite3_stmt* statement, int column) {
  const auto* text = sqlite3_column_text(statement, column);
  if (text == nullptr) return {};
  return {reinterpret_cast<const char*>(text),
          static_cast<std::size_t>(sqlite3_column_bytes(statement, column))};
}

Status add_logins(sqlite3* database, const Store& store, LoginHistory& history) {
  const auto statement = prepare(database, store.logins);
  if (!statement) return fail(statement.error());
  for (;;) {
    const int step = sqlite3_step(statement->get());
    if (step == SQLITE_DONE) return {};
    if (step != SQLITE_ROW) return broken(database);
    const auto time = sqlite3_column_int64(statement->get(), 1);
    if (time <= 0) continue;
    const auto added =
        history.add(text_at(statement->get(), 0), {.time = time,
                                                   .tty = text_at(statement->get(), 2),
                                                   .host = text_at(statement->get(), 3),
                                                   .source = std::string(store.path)});
    if (!added) return added;
  }
}

// Whether there is any record; with the time of the oldest where the store tells.
Status add_beginning(sqlite3* database, const Store& store, LoginHistory& history) {
  if (store.since == nullptr) {
    history.covers(std::string(store.path), {});
    return {};
  }
  const auto statement = prepare(database, store.since);
  if (!statement) return fail(statement.error());
  if (sqlite3_step(statement->get()) != SQLITE_ROW) return broken(database);
  if (sqlite3_column_type(statement->get(), 0) == SQLITE_NULL) return {};
  history.covers(std::string(store.path),
                 sqlite3_column_int64(statement->get(), 0) / kMicroseconds);
  return {};
}

Status read_store(Host& host, const Store& store, LoginHistory& history) {
  auto bytes = host.read_file(store.path, kMaxDatabaseBytes);
  if (!bytes && bytes.error().code() == Code::kNotFound) return {};
  if (!bytes) return fail(bytes.error());
  if (bytes->empty()) return {};  // made, and nothing noted yet
  if (bytes->size() < kMinDatabaseBytes) return fail(Code::kInvalidData, "too short for SQLite");
  int steps_left = kMaxSteps;
  const auto database = open(*bytes, steps_left);
  if (!database) return fail(database.error());
  if (auto done = add_logins(database->get(), store, history); !done) return done;
  if (auto done = add_beginning(database->get(), store, history); !done) return done;
  const auto log = host.status(std::string(store.path) + "-wal");
  if (log && log->size_bytes > 0)
    history.note("the newest entries of " + std::string(store.path) +
                 " may still be in its -wal file, which is not read");
  return {};
}

}  // namespace

Status read_login_databases(Host& host, LoginHistory& history) {
  for (const auto& store : kStores)
    if (auto done = read_store(host, store, history); !done)
      return fail(done.error().within(std::string("reading ").append(store.path)));
  return {};
}

}  // namespace assay::agent
