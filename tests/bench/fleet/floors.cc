#include "tests/bench/fleet/floors.h"

#include <sqlite3.h>

#include <chrono>
#include <filesystem>
#include <functional>
#include <stdexcept>

#include "evidence/compress.h"
#include "evidence/digest.h"
#include "tests/bench/fleet/served.h"

namespace assay::bench {
namespace {

constexpr std::chrono::milliseconds kLong{400};

// `work` returns how many it did.
Floor measured(const std::function<std::size_t()>& work) {
  using Clock = std::chrono::steady_clock;
  const auto cpu = own_cpu();
  const auto start = Clock::now();
  std::size_t count = 0;
  while (Clock::now() - start < kLong) count += work();
  const auto wall = std::chrono::duration<double>(Clock::now() - start).count();
  const auto done = static_cast<double>(count);
  return {done / wall, (own_cpu() - cpu) / done * 1e6};
}

void must(int code) {
  if (code != SQLITE_OK && code != SQLITE_DONE) throw std::runtime_error(sqlite3_errstr(code));
}

}  // namespace

Floor sha256_of(const std::string& bytes) {
  return measured([&] {
    for (int i = 0; i < 100; ++i) (void)evidence::sha256(bytes);
    return 100U;
  });
}

Floor unpacking_of(const std::string& frame, std::size_t bytes) {
  return measured([&] {
    for (int i = 0; i < 100; ++i)
      if (!evidence::decompress(frame, bytes)) throw std::runtime_error("zstd");
    return 100U;
  });
}

Floor inserts(const std::string& folder, std::size_t bytes, std::size_t group) {
  const auto path = folder + "/floor.db";
  sqlite3* database = nullptr;
  must(sqlite3_open(path.c_str(), &database));
  must(sqlite3_exec(database,
                    "PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL;"
                    "CREATE TABLE IF NOT EXISTS t (number INTEGER PRIMARY KEY,"
                    " digest BLOB NOT NULL UNIQUE, frame BLOB NOT NULL)",
                    nullptr, nullptr, nullptr));
  sqlite3_stmt* insert = nullptr;
  must(sqlite3_prepare_v2(database, "INSERT INTO t (digest, frame) VALUES (randomblob(32), ?)", -1,
                          &insert, nullptr));
  const std::string frame(bytes, 'x');
  const auto floor = measured([&] {
    must(sqlite3_exec(database, "BEGIN IMMEDIATE", nullptr, nullptr, nullptr));
    for (std::size_t i = 0; i < group; ++i) {
      must(sqlite3_bind_blob64(insert, 1, frame.data(), frame.size(), SQLITE_STATIC));
      must(sqlite3_step(insert));
      must(sqlite3_reset(insert));
    }
    must(sqlite3_exec(database, "COMMIT", nullptr, nullptr, nullptr));
    return group;
  });
  sqlite3_finalize(insert);
  sqlite3_close(database);
  for (const auto* suffix : {"", "-wal", "-shm"}) std::filesystem::remove(path + suffix);
  return floor;
}

}  // namespace assay::bench
