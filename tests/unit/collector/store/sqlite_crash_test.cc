// What was acknowledged is there after SIGKILL, whenever it comes.
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <random>

#include "tests/unit/collector/store/sqlite_engine.h"

namespace assay::collector::sqlite {
namespace {

constexpr int kRounds = 12;

std::vector<StoredTable> tables_of(std::int64_t sequence) {
  return {table_with("users", "table of " + std::to_string(sequence) + std::string(20'000, 'x'))};
}

NewSnapshot nth(std::int64_t sequence) {
  std::optional<evidence::Digest> previous;
  if (sequence > 1) previous = evidence::sha256("before " + std::to_string(sequence));
  return snapshot_of("host-1", sequence, tables_of(sequence), previous);
}

// Commits snapshots from `first` on and writes each acknowledged number to `answers`, until killed.
[[noreturn]] void commit_until_killed(const std::string& path, std::int64_t first, int answers) {
  auto store = SqliteStore::open({path, 1, 0});
  for (std::int64_t i = first; store; ++i) {
    if (!(*store)->commit_snapshot(nth(i), tables_of(i))) break;
    if (::write(answers, &i, sizeof i) != sizeof i) break;
  }
  ::_exit(1);
}

// The last number that a child acknowledged before it was killed; `first` - 1 when none.
template <typename Work>
std::int64_t run_and_kill(Work work, const std::string& path, std::int64_t first,
                          unsigned microseconds) {
  int pipe_ends[2];
  EXPECT_EQ(::pipe(pipe_ends), 0);
  const pid_t child = ::fork();
  if (child == 0) work(path, first, pipe_ends[1]);
  ::close(pipe_ends[1]);
  ::usleep(microseconds);
  ::kill(child, SIGKILL);
  ::waitpid(child, nullptr, 0);
  std::int64_t last = first - 1;
  for (std::int64_t number = 0; ::read(pipe_ends[0], &number, sizeof number) == sizeof number;)
    last = number;
  ::close(pipe_ends[0]);
  return last;
}

constexpr std::size_t kGroup = 20;

// The same in groups; each group's last number is written when all of it is acknowledged.
[[noreturn]] void commit_groups_until_killed(const std::string& path, std::int64_t first,
                                             int answers) {
  auto store = SqliteStore::open({path, 1, 0});
  for (std::int64_t i = first; store;) {
    std::vector<NewSnapshot> snapshots;
    std::vector<std::vector<StoredTable>> tables;
    std::vector<SnapshotCommit> group;
    for (std::size_t k = 0; k < kGroup; ++k, ++i) {
      snapshots.push_back(nth(i));
      tables.push_back(tables_of(i));
    }
    for (std::size_t k = 0; k < kGroup; ++k) group.push_back({&snapshots[k], tables[k]});
    for (const auto& receipt : (*store)->commit_snapshots(group))
      if (!receipt) ::_exit(1);
    const std::int64_t last = i - 1;
    if (::write(answers, &last, sizeof last) != sizeof last) break;
  }
  ::_exit(1);
}

void enroll(const std::string& path) {
  auto store = SqliteStore::open({path, 1, 0}).value();
  const auto token = enrollment_token("t");
  ASSERT_TRUE(store->add_token(token));
  Host host;
  host.id = "host-1";
  ASSERT_TRUE(store->enroll(token.hash, host, certificate_of("host-1", "1"), at(20)));
}

TEST(SqliteCrash, AcknowledgedSnapshotsSurviveKill) {
  const TestFolder folder;
  enroll(folder.file());
  std::mt19937 random(20261121);
  std::int64_t acknowledged = 0;
  for (int round = 0; round < kRounds; ++round) {
    const auto wait = std::uniform_int_distribution<unsigned>(5'000, 60'000)(random);
    const auto last = run_and_kill(commit_until_killed, folder.file(), acknowledged + 1, wait);
    auto store = SqliteStore::open({folder.file(), 1, 0}).value();
    const auto stored = store->host("host-1")->last_sequence;
    // One more may have been committed than could be told.
    ASSERT_GE(stored, last);
    ASSERT_LE(stored, last + 1);
    for (std::int64_t i = acknowledged + 1; i <= stored; ++i) {
      ASSERT_TRUE(store->receipt(nth(i).digest)) << i;
      ASSERT_EQ(store->table(tables_of(i)[0].facts.digest)->frame, tables_of(i)[0].frame);
    }
    acknowledged = stored;
  }
  EXPECT_GT(acknowledged, kRounds);
}

TEST(SqliteCrash, AGroupSurvivesKillWholeOrNotAtAll) {
  const TestFolder folder;
  enroll(folder.file());
  std::mt19937 random(20261128);
  std::int64_t acknowledged = 0;
  unsigned longest = 120'000;
  for (int round = 0; round < kRounds; ++round) {
    const auto wait = std::uniform_int_distribution<unsigned>(20'000, longest)(random);
    const auto last =
        run_and_kill(commit_groups_until_killed, folder.file(), acknowledged + 1, wait);
    auto store = SqliteStore::open({folder.file(), 1, 0}).value();
    const auto stored = store->host("host-1")->last_sequence;
    ASSERT_GE(stored, last);
    ASSERT_EQ(stored % static_cast<std::int64_t>(kGroup), 0) << "no part of a group";
    for (std::int64_t i = acknowledged + 1; i <= stored; ++i) {
      ASSERT_TRUE(store->receipt(nth(i).digest)) << i;
      ASSERT_EQ(store->table(tables_of(i)[0].facts.digest)->frame, tables_of(i)[0].frame);
    }
    acknowledged = stored;
    // A group takes longer on a slow machine, or with sanitizers.
    if (acknowledged == 0 && longest < 2'000'000) longest *= 2;
  }
  EXPECT_GT(acknowledged, 0);
}

}  // namespace
}  // namespace assay::collector::sqlite
