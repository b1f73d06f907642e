#include "collector/store/postgres/postgres_store.h"

#include <algorithm>
#include <random>
#include <thread>

#include "collector/store/postgres/schema.h"
#include "collector/store/sql/kept_digests.h"
#include "collector/store/sql/self_check.h"
#include "collector/store/sql/versions.h"
#include "evidence/refusal.h"

namespace assay::collector::postgres {
namespace {

constexpr int kMostAttempts = 12;
constexpr std::chrono::milliseconds kFirstPause{20};
constexpr std::chrono::milliseconds kLongestPause{1000};

std::string_view lock_of(sql::Lock lock) {
  switch (lock) {
    case sql::Lock::kNone: break;
    case sql::Lock::kRecords: return "SELECT pg_advisory_xact_lock(hashtext(current_schema()), 2)";
    case sql::Lock::kLedger: return "SELECT pg_advisory_xact_lock(hashtext(current_schema()), 3)";
    case sql::Lock::kRefers:
      return "SELECT pg_advisory_xact_lock_shared(hashtext(current_schema()), 5)";
    case sql::Lock::kRemoves: return "SELECT pg_advisory_xact_lock(hashtext(current_schema()), 5)";
  }
  return {};
}

// Does as the database says that did not make it: nothing is written.
void roll_back(Connection& connection) {
  connection.settle();
  // It fails only with the connection, and then the server rolls back.
  (void)connection.prepare("ROLLBACK").run();
}

}  // namespace

PostgresStore::PostgresStore(const Options& options)
    : patience_(options.patience),
      // Behind a new connection there may be another server, to which not all came over.
      pool_(options.conninfo, std::max<std::size_t>(options.connections, 2), [this] {
        known_tables_.forget();
        sets_there_.forget();
      }) {}

Result<std::unique_ptr<PostgresStore>> PostgresStore::open(const Options& options) {
  std::unique_ptr<PostgresStore> store(new PostgresStore(options));
  store->pool_.look_around();
  auto lease = store->pool_.lease(Clock::now() + options.patience);
  if (!lease) return fail(lease.error());
  const auto version = version_of(**lease);
  if (!version) return fail(version.error());
  if (*version > newest_version()) return sql::newer_version(*version, newest_version());
  if (!options.may_migrate && *version != newest_version())
    return refuse(Code::kConfiguration,
                  {"the store is of another version of Assay; to serve brings it forward",
                   "資料庫屬於另一版的 Assay；執行「assay-collector serve」即會轉換"});
  if (*version != newest_version())
    if (auto migrated = migrate(**lease, newest_version()); !migrated)
      return fail(migrated.error());
  return store;
}

bool PostgresStore::pause(int attempt, Clock::time_point deadline) {
  if (attempt >= kMostAttempts) return false;
  const auto longest = std::min(kFirstPause * (1 << std::min(attempt, 10)), kLongestPause);
  thread_local std::minstd_rand random(std::random_device{}());
  // Of those that got into each other's way, each waits another while.
  const std::chrono::milliseconds chosen(
      std::uniform_int_distribution<std::int64_t>(longest.count() / 2, longest.count())(random));
  if (Clock::now() + chosen > deadline) return false;
  std::this_thread::sleep_for(chosen);
  return true;
}

Status PostgresStore::run_reading(const sql::Work& work) {
  const auto deadline = Clock::now() + patience_;
  for (int attempt = 0;; ++attempt) {
    Status done;
    {
      auto lease = pool_.lease(deadline);
      done = lease ? work(**lease) : fail(lease.error());
      const auto trouble = lease ? (*lease)->trouble() : Trouble::kLost;
      if (done || trouble == Trouble::kNone || done.error().code() != Code::kUnavailable)
        return done;
    }
    if (!pause(attempt, deadline)) return done;
  }
}

Status PostgresStore::write_once(Connection& connection, sql::Lock lock, const sql::Work& work,
                                 std::optional<CommitMark>* unsure) {
  connection.settle();
  const auto mark = connection.next_mark();
  auto done = connection.prepare("BEGIN ISOLATION LEVEL READ COMMITTED READ WRITE").queue();
  // All of this goes out together with the first question of `work`.
  auto left = leave_mark(connection, mark);
  if (done && lock != sql::Lock::kNone) done = connection.prepare(lock_of(lock)).queue();
  if (done) done = work(connection);
  if (done) {
    const auto row = left->step();  // the mark is there before the COMMIT is on its way
    if (!row) done = fail(row.error());
  }
  const bool is_at_its_end = done.has_value();
  if (done) done = connection.prepare("COMMIT").run();
  // A transaction that failed before is rolled back by COMMIT, which calls it a success.
  if (done && connection.failure()) done = fail(*connection.failure());
  if (done) return done;
  const auto trouble = connection.trouble();
  if (trouble == Trouble::kLost) {
    if (is_at_its_end) *unsure = mark;
    return done;
  }
  // Also when the COMMIT was on its way: behind what failed the server has passed it over.
  roll_back(connection);
  connection.remember(trouble);
  return done;
}

PostgresStore::Fate PostgresStore::fate_of(const CommitMark& mark) {
  // Worth a wait of its own: what it is about may have taken all the time there was.
  const auto deadline = Clock::now() + patience_;
  for (int attempt = 0;; ++attempt) {
    if (auto lease = pool_.lease(deadline)) {
      const auto is_there = was_committed(**lease, mark);
      if (is_there) return *is_there ? Fate::kCommitted : Fate::kUndone;
    }
    if (!pause(attempt, deadline)) return Fate::kUnknown;
  }
}

Status PostgresStore::run_writing(sql::Lock lock, const sql::Work& work) {
  const auto deadline = Clock::now() + patience_;
  for (int attempt = 0;; ++attempt) {
    Status done;
    std::optional<CommitMark> unsure;
    {
      auto lease = pool_.lease(deadline);
      done = lease ? write_once(**lease, lock, work, &unsure) : fail(lease.error());
      const auto trouble = lease ? (*lease)->trouble() : Trouble::kLost;
      if (done || trouble == Trouble::kNone ||
          (!lease && done.error().code() != Code::kUnavailable))
        return done;
    }
    if (unsure) {
      const auto fate = fate_of(*unsure);
      if (fate == Fate::kCommitted) return {};
      if (fate == Fate::kUnknown)
        return fail(done.error().within("whether it was written is not known"));
    }
    if (!pause(attempt, deadline)) return done;
  }
}

Result<std::vector<Text>> PostgresStore::do_self_check() {
  constexpr std::array kOwnQuestions = {
      sql::Question{"a snapshot is of a host that is not there", "快照所屬的主機不存在",
                    "SELECT 1 FROM snapshots s WHERE NOT EXISTS (SELECT 1 FROM hosts h WHERE"
                    " h.id = s.host_id) LIMIT 1"},
      sql::Question{"the manifest of a snapshot is not there", "快照的清單不存在",
                    "SELECT 1 FROM snapshots s WHERE s.removed_at IS NULL AND NOT EXISTS"
                    " (SELECT 1 FROM manifests m WHERE"
                    " m.host_id = s.host_id AND m.sequence = s.sequence AND"
                    " m.accepted_at = s.accepted_at) LIMIT 1"},
      sql::Question{"two snapshots have one digest", "兩份快照的摘要值相同",
                    "SELECT 1 FROM snapshots GROUP BY digest HAVING count(*) > 1 LIMIT 1"},
  };
  return reading([&](sql::Connection& connection) -> Result<std::vector<Text>> {
    std::vector<Text> complaints;
    const auto ask = [&](const auto& questions) -> Status {
      for (const auto& question : questions)
        if (auto asked = sql::ask(connection, question, &complaints); !asked) return asked;
      return {};
    };
    if (auto asked = ask(sql::kQuestions); !asked) return fail(asked.error());
    if (auto asked = ask(kOwnQuestions); !asked) return fail(asked.error());
    if (auto read = sql::check_kept_digests(connection, &complaints); !read)
      return fail(read.error());
    return complaints;
  });
}

Status PostgresStore::prepare_for(std::span<const evidence::Seconds> times) {
  for (const auto time : times) {
    const auto seconds = time.time_since_epoch().count();
    const auto year = year_of(seconds);
    const std::lock_guard lock(years_mutex_);
    if (years_.contains(year)) continue;
    auto done = run_reading([&](sql::Connection& connection) {
      // NOLINTNEXTLINE(cppcoreguidelines-pro-type-static-cast-downcast): all of ours are
      return ensure_years(static_cast<Connection&>(connection), seconds);
    });
    if (!done) return done;
    years_.insert(year);
  }
  return {};
}

}  // namespace assay::collector::postgres
