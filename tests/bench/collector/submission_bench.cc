// How fast a collector accepts snapshots, and how much an unchanged machine sends. Run by hand in a
// release build:
//   submission_bench [agents] [snapshots]
// Both ends are in this process, so a core is shared; what is measured is the acceptance of one
// snapshot after another on each stream, acknowledged after the commit is on disk.
#include <fmt/core.h>

#include <atomic>
#include <cstdlib>
#include <filesystem>
#include <thread>

#include "collector/identity/token.h"
#include "collector/ingest/ingest_server.h"
#include "collector/store/sqlite/sqlite_store.h"
#include "evidence/compress.h"
#include "tests/integration/collector/test_agent.h"

namespace {

using namespace assay;             // NOLINT: a program
using namespace assay::collector;  // NOLINT

using Clock = std::chrono::steady_clock;

double seconds_since(Clock::time_point start) {
  return std::chrono::duration<double>(Clock::now() - start).count();
}

// Submits `count` snapshots on one stream; `users(i)` are the rows of the i-th.
template <typename Users>
void submit_all(TestAgent& agent, int count, Users users) {
  Submission stream(agent.channel());
  for (int i = 0; i < count; ++i) {
    const auto snapshot = agent.scan(users(i));
    stream.offer(snapshot);
    auto answer = stream.answer();
    if (answer && answer->has_wants()) {
      stream.table(snapshot.tables.begin()->second);
      answer = stream.answer();
    }
    if (!answer || !answer->has_receipt()) std::abort();
  }
}

template <typename Users>
void measure(const char* what, std::vector<TestAgent>& agents, int count, Users users) {
  const auto start = Clock::now();
  std::vector<std::thread> threads;
  for (std::size_t a = 0; a < agents.size(); ++a) {
    threads.emplace_back([&, a] {
      submit_all(agents[a], count, [&](int i) { return users(static_cast<int>(a), i); });
    });
  }
  for (auto& thread : threads) thread.join();
  const auto total = static_cast<double>(agents.size()) * count;
  fmt::print("{:<28} {:>9.0f} snapshots/s\n", what, total / seconds_since(start));
}

}  // namespace

int main(int argc, char** argv) {
  const int agent_count = argc > 1 ? std::atoi(argv[1]) : 4;
  const int count = argc > 2 ? std::atoi(argv[2]) : 1000;
  auto pattern = (std::filesystem::temp_directory_path() / "assay-bench-XXXXXX").string();
  const std::string folder = ::mkdtemp(pattern.data());
  const auto now = std::chrono::floor<std::chrono::seconds>(std::chrono::system_clock::now());
  const auto authority = Authority::create(folder + "/identity", {"127.0.0.1"}, now).value();
  const auto store = sqlite::SqliteStore::open({folder + "/store.db", 4, 0}).value();
  IngestOptions options;
  options.listen = "127.0.0.1:0";
  const auto server = IngestServer::start(*store, authority, options).value();
  std::vector<TestAgent> agents;
  for (int i = 0; i < agent_count; ++i) {
    const auto token =
        new_enrollment_token(authority.fingerprint(), now, std::chrono::hours(1)).value();
    if (!store->add_token(token.record)) return 1;
    agents.emplace_back(server->port(), authority.ca_certificate());
    if (!agents.back().enroll(token.text).ok()) return 1;
  }
  measure("unchanged", agents, count, [](int, int) { return std::vector<std::string>{"root"}; });
  measure("a table of 40 KB, new", agents, count / 4, [](int agent, int i) {
    std::vector<std::string> users;
    for (int row = 0; row < 400; ++row)
      users.push_back(fmt::format("user-{}-{}-{:080}", agent, i, row));
    return users;
  });
  const auto snapshot = agents[0].scan();
  fmt::print("{:<28} {:>9} bytes\n", "an unchanged offer",
             evidence::compress(snapshot.manifest)->size() + snapshot.signature.size());
  for (const auto& [operation, counts] : store->meter().counts()) {
    fmt::print("  {:<18} {:>8} calls {:>9.1f} us each\n", operation, counts.calls,
               std::chrono::duration<double, std::micro>(counts.time).count() /
                   static_cast<double>(counts.calls));
  }
  server->stop(std::chrono::milliseconds(0));
  std::filesystem::remove_all(folder);
}
