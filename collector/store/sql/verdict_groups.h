// Verdicts that began together: a host that is judged begins whole families of them at once, and so
// do its neighbours of the same image. What such a group says is kept once, under its digest; of a
// host it takes a row that names it. A verdict that ends by itself is taken out of its group, into
// a row of its own.
//
// Of a transaction, in which nobody else writes of the same hosts.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <mutex>
#include <set>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "collector/store/posture_store.h"
#include "collector/store/shared_recent_map.h"
#include "collector/store/sql/connection.h"

namespace assay::collector::sql {

// Behind FROM: all verdicts, whether they have rows of their own or stand in a group.
inline constexpr std::string_view kAllVerdicts =
    "(SELECT host_id, check_id, parameters, frameworks, state, reason, key, check_digest, since,"
    " until FROM verdicts UNION ALL SELECT g.host_id, m.check_id, m.parameters, m.frameworks,"
    " m.state, m.reason, m.key, m.check_digest, g.since, g.until FROM verdict_groups g"
    " CROSS JOIN verdict_sets m WHERE m.digest = g.digest)";

// Sets that were read, by their digests.
using KnownSets = SharedRecentMap<evidence::Digest, VerdictSet>;
inline constexpr std::size_t kMostKnownSets = 2'000;  // of some 3 KB, in each half

// Sets, of verdicts or findings, that are stored: as long as nothing was removed since, which
// store_state counts, and the server is the same. Safe from any thread.
class SetsThere {
 public:
  // What holds as long as forget() was not called.
  [[nodiscard]] std::int64_t generation();
  [[nodiscard]] bool has(const evidence::Digest& digest, std::int64_t removals);
  // Once what stored them is committed; the generation is that of when it began.
  void note(std::span<const evidence::Digest> digests, std::int64_t removals,
            std::int64_t generation);
  void forget();

 private:
  static constexpr std::size_t kMaxEach = 50'000;
  std::mutex mutex_;
  std::int64_t generation_ = 0;
  std::int64_t removals_ = 0;
  RecentMap<evidence::Digest, bool> there_{kMaxEach};
};

// What a host has in force: its groups' sets, read where they are not known, and its rows.
[[nodiscard]] Result<std::vector<VerdictSet>> read_standing(Connection& connection,
                                                            KnownSets& known,
                                                            std::string_view host_id);

class VerdictGroups {
 public:
  using Key = std::pair<std::string, std::string>;  // check, parameters

  // `known` must outlive it.
  VerdictGroups(Connection& connection, KnownSets& known)
      : connection_(connection), known_(known) {}

  // Ends what of `keys` stands in a group of the mark's host; the others stay in `keys`.
  [[nodiscard]] Status end(const EvaluationMark& mark, std::set<Key>* keys);
  // Keeps what the groups of all changes say, in one order, so that of two who write at once each
  // waits for the other but once; `is_there` knows some that need not be. Which were kept is added
  // to `kept`. The changes must outlive it.
  [[nodiscard]] Status prepare(std::span<const EvaluationChange> changes,
                               const std::function<bool(const evidence::Digest&)>& is_there,
                               std::vector<evidence::Digest>& kept);
  // Begins the verdicts of a change that was prepared: one group for each family of which so many
  // begin at once, and rows for the others.
  static constexpr std::size_t kFewest = 2;
  [[nodiscard]] Status begin(const EvaluationMark& mark);

  // Removes what is of these frameworks (as they are joined) and over before the horizon, from at
  // most `limit` groups. How many verdicts of hosts that were.
  [[nodiscard]] Result<std::int64_t> remove(std::string_view frameworks, evidence::Seconds horizon,
                                            std::size_t limit);
  // Removes what no group names.
  [[nodiscard]] Status remove_unused();

 private:
  struct Group {
    std::int64_t number = 0;
    evidence::Digest digest;
    evidence::Seconds since;
  };

  Status end_in(const EvaluationMark& mark, const Group& group, std::set<Key>* keys);
  Result<VerdictSet> members(const evidence::Digest& digest);
  Status keep(const VerdictGroup& group);  // it is there afterwards

  Connection& connection_;
  KnownSets& known_;
  std::map<std::string_view, std::vector<SharedVerdictGroup>> begun_;  // by host
};

}  // namespace assay::collector::sql
