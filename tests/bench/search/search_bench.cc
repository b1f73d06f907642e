// How long a question to a whole fleet takes. Run by hand in a release build, by
// tests/bench/search/run:
//   search_bench BUNDLE [HOSTS]
// Hosts of 40 images, each with its own accounts, log-ins, addresses and agent, in a store on disk.
#include <fmt/core.h>

#include <chrono>
#include <cstdlib>
#include <ctime>

#include "checks/engine/content.h"
#include "collector/search/fleet_search.h"
#include "collector/store/sqlite/sqlite_store.h"
#include "tests/bench/evaluation/stored_fleet.h"

namespace {

using namespace assay;             // NOLINT: a program
using namespace assay::collector;  // NOLINT
using assay::bench::need;

constexpr std::size_t kImages = 40;
constexpr std::size_t kPackages = 2'500;

void ask(FleetSearch& search, const checks::Content& content, evidence::Seconds now,
         const char* what, const char* sql, std::optional<evidence::Seconds> as_of = {}) {
  const auto start = std::chrono::steady_clock::now();
  const auto cpu_start = std::clock();
  FleetQuestion question;
  question.sql = sql;
  question.now = now;
  question.as_of = as_of;
  const auto answer = need(search.ask(content, question));
  const std::chrono::duration<double, std::milli> time = std::chrono::steady_clock::now() - start;
  const double cpu = static_cast<double>(std::clock() - cpu_start) * 1000.0 / CLOCKS_PER_SEC;
  std::int64_t hosts = 0;
  for (const auto& hit : answer.hits) hosts += static_cast<std::int64_t>(hit.hosts.size());
  fmt::print("{:<46} {:>8.1f} ms, CPU {:>8.1f} ms  {:>6} sets of tables, {:>6} of {} hosts\n", what,
             time.count(), cpu, answer.distinct, hosts, answer.asked);
}

}  // namespace

int main(int argc, char** argv) {
  if (argc < 2) return 64;
  const std::size_t count = argc > 2 ? std::strtoul(argv[2], nullptr, 10) : 10'000;
  try {
    const bench::TemporaryFolder folder;
    const auto base = bench::machine_in(argv[1], kPackages);
    const auto content = need(checks::load_content());
    const auto now = std::chrono::floor<std::chrono::seconds>(std::chrono::system_clock::now());
    const auto store = need(sqlite::SqliteStore::open({folder.path() + "/store.db"}));
    bench::fill(*store, bench::fleet(base, kImages, count), now);
    FleetSearch search(*store);
    constexpr auto kPackage =
        "SELECT name, version FROM deb_packages WHERE name = 'openssl' "
        "AND dpkg_compare(version, '99') < 0";
    ask(search, content, now, "a package older than …, the first question", kPackage);
    FleetSearch ahead(*store);
    const auto start = std::chrono::steady_clock::now();
    need(ahead.read_ahead({}));
    const std::chrono::duration<double, std::milli> reading =
        std::chrono::steady_clock::now() - start;
    fmt::print("{:<46} {:>8.1f} ms, before any question\n", "reading ahead, as after a start",
               reading.count());
    ask(ahead, content, now, "… the first question then", kPackage);
    for (int i = 0; i < 3; ++i) ask(search, content, now, "… asked again", kPackage);
    ask(search, content, now, "… as of now, from each host's history", kPackage, now);
    ask(search, content, now, "an open port",
        "SELECT port, process FROM exposure WHERE port = 23 AND reach <> 'loopback_only'");
    ask(search, content, now, "an account (no two hosts share the table)",
        "SELECT username FROM users WHERE uid = 0 AND username <> 'root'");
    ask(search, content, now, "… asked again",
        "SELECT username FROM users WHERE uid = 0 AND username <> 'root'");
  } catch (const std::exception& error) {
    fmt::print(stderr, "{}\n", error.what());
    return 1;
  }
}
