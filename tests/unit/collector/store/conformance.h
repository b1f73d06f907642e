// What every engine of the store must do. An engine's test program links the conformance_*.cc
// files and instantiates the suite with its factory; nothing in them knows an engine.
#pragma once

#include <gtest/gtest.h>

#include <functional>
#include <memory>
#include <ostream>
#include <string>
#include <vector>

#include "collector/store/store.h"

namespace assay::collector {

// One empty database that lives as long as the Engine, and may be opened again.
class Engine {
 public:
  virtual ~Engine() = default;
  virtual Result<std::unique_ptr<Store>> open() = 0;
};

struct EngineFactory {
  std::string name;
  std::function<std::unique_ptr<Engine>()> make;
};
// How GoogleTest prints the parameter.
inline std::ostream& operator<<(std::ostream& out, const EngineFactory& factory) {
  return out << factory.name;
}

// Times in tests are small numbers of seconds.
[[nodiscard]] inline evidence::Seconds at(std::int64_t second) {
  return evidence::Seconds(std::chrono::seconds(second));
}

[[nodiscard]] Token enrollment_token(const std::string& secret);
[[nodiscard]] Certificate certificate_of(const std::string& host_id, const std::string& serial);
[[nodiscard]] StoredTable table_with(const std::string& name, const std::string& content);
// The same, kept as what differs from `base`.
[[nodiscard]] StoredTable table_differing(const std::string& name, const std::string& content,
                                          const StoredTable& base);
// A snapshot whose manifest lists `tables`; it follows `previous` when its sequence is above 1.
[[nodiscard]] NewSnapshot snapshot_of(const std::string& host_id, std::int64_t sequence,
                                      const std::vector<StoredTable>& tables = {},
                                      std::optional<evidence::Digest> previous = std::nullopt);

// The same, its manifest kept as what differs from that of `base`.
[[nodiscard]] NewSnapshot differing(NewSnapshot snapshot, const NewSnapshot& base);

class StoreConformance : public testing::TestWithParam<EngineFactory> {
 protected:
  void SetUp() override;

  Store& store() { return *store_; }
  // Forgets what is only in memory.
  void reopen();
  // Enrolls a host with a token and a certificate of its own.
  void enroll(const std::string& host_id);
  // Commits and expects success.
  Receipt accept(const NewSnapshot& snapshot, const std::vector<StoredTable>& tables = {});
  // Judges `host_id` at `now`; fills in the mark's revision.
  Status judge(const std::string& host_id, std::int64_t now, EvaluationChange change);

 private:
  std::unique_ptr<Engine> engine_;
  std::unique_ptr<Store> store_;
};

[[nodiscard]] VerdictInterval verdict(const std::string& check, checks::State state,
                                      const std::vector<std::string>& frameworks = {"idb-isp"});
[[nodiscard]] Finding finding_of(const std::string& host_id, const std::string& check,
                                 const std::string& key, std::int64_t first_seen);

// One check and one finding with a past.
class StoreHistory : public StoreConformance {
 protected:
  // Open at 100, gone at 200, back at 300 with another row.
  void live_a_life();
  std::vector<Finding> open_at(std::int64_t second);
  checks::State state_at(std::int64_t second);

  Finding finding_;
};

// Of a host that was enrolled: its token, and that it was let in.
inline constexpr std::size_t kActsOfEnrolling = 2;

// Snapshots of one host on their way into the ledger.
class StoreLedger : public StoreConformance {
 protected:
  // Accepts `count` more.
  void accept_some(int count);
  std::vector<evidence::LedgerEntry> next(std::size_t limit = 100);
  // Appends what comes next, over hashes that the store does not look at.
  void log_some(std::size_t count);

 private:
  std::int64_t sequence_ = 0;
  std::optional<evidence::Digest> previous_;
};

// One host over some years, one snapshot each time, of which one table is always the same.
class StoreRetention : public StoreLedger {
 protected:
  static evidence::Seconds day(std::int64_t number);  // from the epoch
  static std::vector<std::int64_t> sequences(const std::vector<SnapshotPlace>& places);
  [[nodiscard]] NewSnapshot nth(std::int64_t sequence, std::int64_t on) const;
  // Accepts the next one on that day, counted from the epoch.
  void scan(std::int64_t sequence, std::int64_t on);
  // Four of them on the days 100 to 400, all in the ledger.
  void live();
  Removal begin(std::int64_t horizon);

  std::vector<NewSnapshot> kept_;
  std::optional<evidence::Digest> last_;
};

// What the store finds wrong with itself, one in a line.
[[nodiscard]] std::string complaints(Store& store);

// The code of a failure, for EXPECT_EQ; the test fails when there is none.
template <typename T>
std::string code_of(const Result<T>& result) {
  return result ? "no failure" : std::string(name_of(result.error().code()));
}

}  // namespace assay::collector
