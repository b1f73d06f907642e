#include "tests/bench/fleet/postgres_floor.h"

#include <libpq-fe.h>

#include <array>
#include <atomic>
#include <chrono>
#include <cstdint>
#include <memory>
#include <stdexcept>
#include <thread>
#include <vector>

#include "tests/bench/fleet/served.h"

namespace assay::bench {
namespace {

constexpr std::chrono::milliseconds kLong{1'000};

using Connection = std::unique_ptr<PGconn, decltype(&PQfinish)>;

Connection connect(const std::string& conninfo) {
  Connection connection(PQconnectdb(conninfo.c_str()), PQfinish);
  if (PQstatus(connection.get()) != CONNECTION_OK)
    throw std::runtime_error(PQerrorMessage(connection.get()));
  return connection;
}

bool run(PGconn* connection, const char* sql) {
  PGresult* result = PQexec(connection, sql);
  const bool is_done = PQresultStatus(result) == PGRES_COMMAND_OK;
  PQclear(result);
  return is_done;
}

// A row with a digest that no other has.
bool insert(PGconn* connection, std::uint64_t number, const std::string& frame) {
  std::array<char, 32> digest{};
  for (std::size_t i = 0; i < digest.size(); ++i)
    digest[i] = static_cast<char>((number * 0x9e3779b97f4a7c15U) >> (i % 8 * 8U));
  const std::array values{static_cast<const char*>(digest.data()), frame.data()};
  const std::array lengths{static_cast<int>(digest.size()), static_cast<int>(frame.size())};
  const std::array formats{1, 1};
  PGresult* result =
      PQexecPrepared(connection, "put", 2, values.data(), lengths.data(), formats.data(), 1);
  const bool is_done = PQresultStatus(result) == PGRES_COMMAND_OK;
  PQclear(result);
  return is_done;
}

}  // namespace

Floor postgres_inserts(const std::string& conninfo, std::size_t bytes, std::size_t connections,
                       std::size_t group) {
  using Clock = std::chrono::steady_clock;
  const auto owner = connect(conninfo);
  if (!run(owner.get(),
           "CREATE TABLE floor (number bigserial PRIMARY KEY, digest bytea NOT NULL UNIQUE,"
           " frame bytea NOT NULL)"))
    throw std::runtime_error(PQerrorMessage(owner.get()));
  const std::string frame(bytes, 'x');
  std::atomic<std::uint64_t> done{0};
  std::atomic<bool> is_broken{false};
  const auto cpu = own_cpu();
  const auto start = Clock::now();
  std::vector<std::thread> threads;
  for (std::size_t i = 0; i < connections; ++i) {
    threads.emplace_back([&] {
      try {
        const auto connection = connect(conninfo);
        PQclear(PQprepare(connection.get(), "put",
                          "INSERT INTO floor (digest, frame) VALUES ($1, $2)", 2, nullptr));
        while (Clock::now() - start < kLong) {
          bool is_well = group == 1 || run(connection.get(), "BEGIN");
          for (std::size_t row = 0; row < group && is_well; ++row)
            is_well = insert(connection.get(), ++done, frame);
          if (!is_well || !(group == 1 || run(connection.get(), "COMMIT"))) {
            is_broken = true;
            return;
          }
        }
      } catch (const std::exception&) {
        is_broken = true;
      }
    });
  }
  for (auto& thread : threads) thread.join();
  const auto wall = std::chrono::duration<double>(Clock::now() - start).count();
  const auto used = own_cpu() - cpu;
  (void)run(owner.get(), "DROP TABLE floor");
  if (is_broken) throw std::runtime_error("the floor of PostgreSQL: an insert failed");
  const auto count = static_cast<double>(done.load());
  return {count / wall, used / count * 1e6};
}

}  // namespace assay::bench
