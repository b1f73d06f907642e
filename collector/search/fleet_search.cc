#include "collector/search/fleet_search.h"

#include <algorithm>
#include <atomic>
#include <chrono>
#include <map>
#include <system_error>
#include <thread>

#include "collector/search/asker.h"
#include "evidence/refusal.h"

namespace assay::collector {

namespace {

using NamedHost = FleetAnswer::NamedHost;

// For others to get their answer. Whoever waits keeps a worker of the API from everybody else.
constexpr std::chrono::seconds kWait{3};

// One question on its way through the fleet.
class Search {
 public:
  Search(Store& store, TableIndex& index, const checks::Content& content,
         const FleetQuestion& question, QuestionSources sources)
      : store_(store),
        index_(index),
        content_(content),
        question_(question),
        sources_(std::move(sources)),
        until_(std::chrono::steady_clock::now() + kMostFleetTime) {
    answer_.tables = sources_.of_hosts;
  }

  Status find_hosts();
  Status put_to_all();
  FleetAnswer take() &&;

 private:
  using Numbers = std::vector<TableIndex::Number>;
  Status go_on() const;
  Status sort_in(const Host& host);
  bool is_stale(const Host& host) const;
  // The snapshot that answers for the host; without one, the reason in `*reason`.
  Result<std::optional<evidence::Digest>> snapshot_of(const Host& host, std::string* reason);
  // Why hosts with these tables cannot be asked; empty when they can.
  std::string missing(const Numbers& numbers) const;
  struct Set {
    const Numbers* numbers;
    std::vector<NamedHost>* hosts;
    std::optional<Result<checks::QueryResult>> answer;
  };
  class Round;
  Asker::Terms terms() const {
    return {content_, question_.sql, sources_, question_.as_of.value_or(question_.now)};
  }
  void keep(Set& set);

  Store& store_;
  TableIndex& index_;
  const checks::Content& content_;
  const FleetQuestion& question_;
  const QuestionSources sources_;
  const std::chrono::steady_clock::time_point until_;
  std::map<Numbers, std::vector<NamedHost>> groups_;
  std::map<std::string, std::vector<NamedHost>> gaps_;  // by reason
  std::size_t rows_ = 0;
  FleetAnswer answer_;
};

Status Search::go_on() const {
  if (question_.is_abandoned && question_.is_abandoned())
    return refuse(Code::kUnavailable, {"nobody waits for the answer any more", "已無人等候回覆"});
  if (std::chrono::steady_clock::now() > until_)
    return refuse(Code::kTooLarge,
                  {"the query takes longer than {} s; ask fewer hosts, or fewer tables",
                   "查詢超過 {} 秒；請減少主機或資料表"},
                  kMostFleetTime.count());
  return {};
}

Result<std::optional<evidence::Digest>> Search::snapshot_of(const Host& host, std::string* reason) {
  if (!question_.as_of) {
    if (!host.last_snapshot) *reason = "it has not sent a snapshot yet";
    return host.last_snapshot;
  }
  const auto snapshot = store_.snapshot_at(host.id, *question_.as_of);
  if (snapshot && snapshot->removed_at) {
    *reason = "its evidence of that time was removed: its retention was over";
    return std::nullopt;
  }
  if (snapshot) return snapshot->digest;
  if (snapshot.error().code() != Code::kNotFound) return fail(snapshot.error());
  *reason = "it had not sent a snapshot by then";
  return std::nullopt;
}

bool Search::is_stale(const Host& host) const {
  if (question_.as_of || question_.stale_after.count() == 0) return false;
  return !host.last_seen || *host.last_seen + question_.stale_after < question_.now;
}

Status Search::sort_in(const Host& host) {
  if (question_.is_wanted && !question_.is_wanted(host)) return {};
  // A host that was sent away is no part of today's fleet; it was of yesterday's.
  if (!question_.as_of && host.state == HostState::kRevoked) return {};
  if (question_.as_of && host.enrolled_at > *question_.as_of) return {};
  ++answer_.asked;
  NamedHost named{host.id, host.name};
  std::string reason;
  const auto snapshot = snapshot_of(host, &reason);
  if (!snapshot) return fail(snapshot.error());
  if (!*snapshot) {
    gaps_[reason].push_back(std::move(named));
    return {};
  }
  auto numbers = index_.numbers(**snapshot, sources_.of_hosts);
  if (!numbers) return fail(numbers.error().within(host.name));
  if (is_stale(host)) answer_.stale.push_back(named);
  groups_[std::move(*numbers)].push_back(std::move(named));
  return {};
}

Status Search::find_hosts() {
  const auto read = [this](const PageRequest& page) -> Result<Page<Host>> {
    if (auto still = go_on(); !still) return fail(still.error());
    return store_.hosts({}, page);
  };
  return for_every(read, [this](const Host& host) { return sort_in(host); });
}

std::string Search::missing(const Numbers& numbers) const {
  std::string reasons;
  for (std::size_t i = 0; i < numbers.size(); ++i)
    if (const auto& meaning = index_.meaning(numbers[i]); !meaning.digest)
      reasons += (reasons.empty() ? "" : "; ") + sources_.of_hosts[i] + ": " + meaning.reason;
  return reasons;
}

// Sets are asked by several threads at once, each with a database of its own. What they answer is
// kept in the order of the sets, and so is what the bound on rows leaves of it.
class Search::Round {
 public:
  Round(Search& search, std::vector<Set>& sets) : search_(search), sets_(sets) {}

  // The first failure, in the order of the sets.
  Status run() {
    {
      std::vector<std::jthread> helpers;
      const auto wanted = std::min<std::size_t>(sets_.size() / kWorthAThread + 1, kMostThreads);
      try {
        for (std::size_t i = 1; i < wanted; ++i) helpers.emplace_back([this] { work({}); });
      } catch (const std::system_error&) {
        // The system has no thread for us: those that there are do the work.
      }
      work([this] { return search_.go_on(); });
    }
    for (const auto& set : sets_)
      if (set.answer && !*set.answer) return fail(set.answer->error());
    return stopped_;
  }

 private:
  static constexpr std::size_t kWorthAThread = 16;
  static inline const std::size_t kMostThreads =
      std::clamp<std::size_t>(std::thread::hardware_concurrency(), 1, 4);

  void work(const std::function<Status()>& go_on) {
    Asker asker(search_.store_, search_.index_, search_.terms());
    for (auto at = next_++; at < sets_.size() && !is_over_; at = next_++) {
      if (go_on) {
        if (stopped_ = go_on(); !stopped_) is_over_ = true;
        if (is_over_) return;
      }
      auto& set = sets_[at];
      set.answer = asker.ask(*set.numbers, room());
      if (!*set.answer) is_over_ = true;
      take_in(at);
    }
  }

  // For the rows of one more set, whatever sets before it still bring.
  std::size_t room() {
    const std::lock_guard lock(mutex_);
    return search_.question_.most_rows - std::min(rows_, search_.question_.most_rows);
  }

  void take_in(std::size_t at) {
    const std::lock_guard lock(mutex_);
    is_done_[at] = true;
    for (; first_open_ < sets_.size() && is_done_[first_open_]; ++first_open_)
      if (const auto& answer = *sets_[first_open_].answer) rows_ += answer->rows.size();
  }

  Search& search_;
  std::vector<Set>& sets_;
  std::atomic<std::size_t> next_ = 0;
  std::atomic<bool> is_over_ = false;
  Status stopped_;  // of the thread that asks whether to go on
  std::mutex mutex_;
  std::vector<bool> is_done_ = std::vector<bool>(sets_.size());
  std::size_t first_open_ = 0;
  std::size_t rows_ = 0;  // of the sets before that one
};

void Search::keep(Set& set) {
  auto& rows = **set.answer;
  ++answer_.distinct;
  answer_.columns = std::move(rows.columns);
  if (rows.row_count == 0) {
    answer_.without_rows += static_cast<std::int64_t>(set.hosts->size());
    return;
  }
  const auto room = question_.most_rows - rows_;
  if (rows.rows.size() > room) rows.rows.resize(room);
  rows_ += rows.rows.size();
  answer_.is_cut = answer_.is_cut || static_cast<std::size_t>(rows.row_count) > room;
  answer_.hits.push_back({std::move(*set.hosts), std::move(rows.rows), rows.row_count});
}

Status Search::put_to_all() {
  // In the order of the tables' numbers, so that what the next set shares is there already.
  std::vector<Set> sets;
  for (auto& [numbers, hosts] : groups_) {
    if (auto reason = missing(numbers); !reason.empty())
      std::ranges::move(hosts, std::back_inserter(gaps_[reason]));
    else
      sets.push_back({&numbers, &hosts, std::nullopt});
  }
  if (auto done = Round(*this, sets).run(); !done) return done;
  for (auto& set : sets) keep(set);
  return {};
}

FleetAnswer Search::take() && {
  for (auto& [reason, hosts] : gaps_) answer_.gaps.push_back({reason, std::move(hosts)});
  const auto more_hosts = [](const auto& one, const auto& other) {
    return one.hosts.size() > other.hosts.size();
  };
  std::ranges::stable_sort(answer_.hits, more_hosts);
  std::ranges::stable_sort(answer_.gaps, more_hosts);
  return std::move(answer_);
}

}  // namespace

Result<FleetAnswer> FleetSearch::ask(const checks::Content& content,
                                     const FleetQuestion& question) {
  auto sources = sources_of(content, question.sql);
  if (!sources) return fail(sources.error());
  const std::unique_lock lock(mutex_, kWait);
  if (!lock.owns_lock())
    return refuse(Code::kUnavailable,
                  {"others are searching the fleet; try again", "其他人正在查詢，請稍後再試"});
  index_.make_room();
  Search search(store_, index_, content, question, std::move(*sources));
  if (auto found = search.find_hosts(); !found) return fail(found.error());
  if (auto put = search.put_to_all(); !put) return fail(put.error());
  return std::move(search).take();
}

Status FleetSearch::read_ahead(const std::stop_token& stop) {
  // So many at a time, for a question that comes not to wait.
  constexpr std::size_t kTogether = 64;
  PageRequest page{{}, kTogether};
  do {
    const auto hosts = store_.hosts({}, page);
    if (!hosts) return fail(hosts.error());
    const std::lock_guard lock(mutex_);
    index_.make_room();
    for (const auto& host : hosts->items) {
      if (stop.stop_requested()) return {};
      if (!host.last_snapshot || host.state == HostState::kRevoked) continue;
      // What cannot be read is told to whoever asks.
      (void)index_.numbers(*host.last_snapshot, {});
    }
    page.cursor = hosts->next;
  } while (!page.cursor.empty() && !stop.stop_requested());
  return {};
}

}  // namespace assay::collector
