#include "tests/bench/diff/place.h"

#include <fcntl.h>
#include <fmt/core.h>
#include <libpq-fe.h>
#include <sqlite3.h>
#include <unistd.h>

#include <filesystem>
#include <stdexcept>

#include "collector/store/postgres/postgres_store.h"
#include "collector/store/sql/verdict_groups.h"
#include "collector/store/sqlite/sqlite_store.h"
#include "tests/bench/evaluation/stored_fleet.h"
#include "tests/unit/collector/store/postgres_server.h"

namespace assay::bench {
namespace {

using namespace assay::collector;  // NOLINT: a program

std::string standing(const std::string& columns, const std::string& table, std::int64_t at) {
  return fmt::format("(SELECT {1} FROM {2} WHERE since <= {0} AND (until IS NULL OR until > {0}))",
                     at, columns, table);
}

void forget_pages(const std::filesystem::path& path) {
  const int file = ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
  if (file < 0) throw std::runtime_error("cannot open " + path.string());
  (void)::fsync(file);
  const bool is_done = ::posix_fadvise(file, 0, 0, POSIX_FADV_DONTNEED) == 0;
  ::close(file);
  if (!is_done) throw std::runtime_error("the page cache stays");
}

class SqlitePlace final : public Place {
 public:
  std::unique_ptr<Store> open() override { return need(sqlite::SqliteStore::open({path_})); }
  void run(const std::string& sql) override {
    const Opened opened(path_);
    opened.must(sqlite3_exec(opened.database, sql.c_str(), nullptr, nullptr, nullptr));
  }
  std::size_t rows_of(const std::string& sql) override {
    const Opened opened(path_);
    sqlite3_stmt* statement = nullptr;
    opened.must(sqlite3_prepare_v2(opened.database, sql.c_str(), -1, &statement, nullptr));
    std::size_t rows = 0;
    while (sqlite3_step(statement) == SQLITE_ROW) ++rows;
    opened.must(sqlite3_finalize(statement));
    return rows;
  }
  void make_cold() override { forget_pages(path_); }
  // Once in each direction, since SQLite finds no index for a full join.
  [[nodiscard]] std::string joined(const std::string& columns, const std::string& table,
                                   const std::string& same, const std::string& differs,
                                   std::int64_t from, std::int64_t to) const override {
    return fmt::format(
        "WITH b AS MATERIALIZED {0}, a AS MATERIALIZED {1} SELECT b.* FROM b LEFT JOIN a ON {2}"
        " WHERE {3} UNION ALL SELECT a.* FROM a LEFT JOIN b ON {2} WHERE b.since IS NULL",
        standing(columns, table, from), standing(columns, table, to), same, differs);
  }

 private:
  struct Opened {
    explicit Opened(const std::string& path) { must(sqlite3_open(path.c_str(), &database)); }
    Opened(const Opened&) = delete;
    Opened& operator=(const Opened&) = delete;
    ~Opened() { sqlite3_close(database); }
    void must(int code) const {
      if (code != SQLITE_OK) throw std::runtime_error(sqlite3_errmsg(database));
    }
    sqlite3* database = nullptr;
  };

  const TemporaryFolder folder_;
  const std::string path_ = folder_.path() + "/store.db";
};

class PostgresPlace final : public Place {
 public:
  PostgresPlace() {
    if (!server_.good()) throw std::runtime_error("PostgreSQL 15 did not start");
    conninfo_ = server_.conninfo(server_.new_schema());
  }
  std::unique_ptr<Store> open() override {
    postgres::Options options;
    options.conninfo = conninfo_;
    return need(postgres::PostgresStore::open(options));
  }
  void run(const std::string& sql) override { (void)answer(sql); }
  std::size_t rows_of(const std::string& sql) override { return answer(sql); }
  void make_cold() override {
    run("VACUUM ANALYZE");
    run("CHECKPOINT");
    server_.stop();
    for (const auto& entry : std::filesystem::recursive_directory_iterator(server_.files()))
      if (entry.is_regular_file()) forget_pages(entry.path());
    server_.start();
  }
  [[nodiscard]] std::string joined(const std::string& columns, const std::string& table,
                                   const std::string& same, const std::string& differs,
                                   std::int64_t from, std::int64_t to) const override {
    return fmt::format(
        "WITH b AS MATERIALIZED {0}, a AS MATERIALIZED {1} SELECT b.*, a.* FROM b FULL JOIN a ON"
        " {2} WHERE {3} OR b.since IS NULL",
        standing(columns, table, from), standing(columns, table, to), same, differs);
  }

 private:
  std::size_t answer(const std::string& sql) {
    const std::unique_ptr<PGconn, decltype(&PQfinish)> connection(PQconnectdb(conninfo_.c_str()),
                                                                  PQfinish);
    const std::unique_ptr<PGresult, decltype(&PQclear)> result(
        PQexec(connection.get(), sql.c_str()), PQclear);
    const auto status = PQresultStatus(result.get());
    if (status != PGRES_COMMAND_OK && status != PGRES_TUPLES_OK)
      throw std::runtime_error(PQerrorMessage(connection.get()));
    return static_cast<std::size_t>(PQntuples(result.get()));
  }

  postgres::PostgresServer server_;
  std::string conninfo_;
};

}  // namespace

void Place::write_plain() {
  run("CREATE TABLE spans AS SELECT host_id, finding, row, since, until FROM finding_spans"
      " UNION ALL SELECT g.host_id, substr(g.ids, CAST(s.at * 32 + 1 AS INTEGER), 32), s.row, "
      "g.since, NULL"
      " FROM finding_groups g JOIN finding_sets s ON s.digest = g.digest");
  run("CREATE TABLE plain_verdicts AS SELECT * FROM " + std::string(sql::kAllVerdicts) + " v");
}

std::unique_ptr<Place> place_in_sqlite() {
  return std::make_unique<SqlitePlace>();
}

std::unique_ptr<Place> place_in_postgres() {
  return std::make_unique<PostgresPlace>();
}

}  // namespace assay::bench
