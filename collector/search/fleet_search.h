// One question in SQL, put to the tables of every host: to each distinct set of tables once,
// however many hosts share it. What a host could not be asked is said with its reason and is no
// "no".
//
// Safe from any thread; one question is answered at a time. The next one waits a while.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <stop_token>
#include <string>
#include <vector>

#include "checks/engine/content.h"
#include "checks/engine/database.h"
#include "collector/search/table_index.h"
#include "collector/store/store.h"
#include "evidence/result.h"
#include "evidence/timestamp.h"

namespace assay::collector {

// Rows that an answer holds at most, over all sets of tables; the rest is counted.
inline constexpr std::size_t kMostFleetRows = 10'000;
// A question that takes longer is given up: it asks too much of too many.
inline constexpr std::chrono::seconds kMostFleetTime{30};

struct FleetQuestion {
  std::string sql;
  std::optional<evidence::Seconds> as_of;      // absent: the latest snapshots
  std::function<bool(const Host&)> is_wanted;  // empty: every host
  std::size_t most_rows = 1'000;
  evidence::Seconds now;  // the table `clock` has the day of as_of, or else of now
  // Hosts that were not heard of for so long are named: what they answer may have passed.
  std::chrono::seconds stale_after{0};  // 0: none is; of as_of, none is either
  std::function<bool()> is_abandoned;   // whether nobody waits any more; may be empty
};

struct FleetAnswer {
  struct NamedHost {
    std::string id;
    std::string name;
  };
  // Hosts that share all tables that the question reads, and the rows that these lead to.
  struct Hit {
    std::vector<NamedHost> hosts;
    std::vector<evidence::Row> rows;
    std::int64_t row_count = 0;  // also those that were left out
  };
  // Hosts that could not be asked.
  struct Gap {
    std::string reason;  // "deb_packages: not_applicable: …"
    std::vector<NamedHost> hosts;
  };
  std::vector<std::string> tables;   // that the question reads, of hosts
  std::vector<std::string> columns;  // empty when no host could be asked
  std::vector<Hit> hits;             // with the most hosts first; those without a row left out
  std::vector<Gap> gaps;             // with the most hosts first
  std::vector<NamedHost> stale;      // of those that were asked
  std::int64_t asked = 0;            // hosts, all in all
  std::int64_t without_rows = 0;     // hosts that were asked, and have no row
  std::int64_t distinct = 0;         // sets of tables that the question was put to
  bool is_cut = false;               // there were more rows than asked for
};

class FleetSearch {
 public:
  // It must outlive the search.
  explicit FleetSearch(Store& store) : store_(store), index_(store) {}

  // kUsage for SQL that cannot be run here, in SQLite's words, and for a question that reads no
  // table of hosts; kTooLarge past kMostFleetTime, or the bounds of checks::Database; kUnavailable
  // when others are asking, or when it was abandoned. The reference tables are the content's.
  [[nodiscard]] Result<FleetAnswer> ask(const checks::Content& content,
                                        const FleetQuestion& question);

  // Reads which tables the hosts have that it does not know of yet, so that the next question need
  // not. Waits for the store and computes; questions that come meanwhile are answered.
  [[nodiscard]] Status read_ahead(const std::stop_token& stop);

 private:
  Store& store_;
  std::timed_mutex mutex_;
  TableIndex index_;
};

}  // namespace assay::collector
