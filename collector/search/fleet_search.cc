#include "collector/search/fleet_search.h"

#include <algorithm>
#include <chrono>
#include <map>

#include "checks/engine/compiler.h"
#include "checks/engine/workbench.h"
#include "collector/evaluation/snapshot_tables.h"
#include "evidence/refusal.h"
#include "evidence/schema.h"

namespace assay::collector {

namespace {

using NamedHost = FleetAnswer::NamedHost;

// For others to get their answer. Whoever waits keeps a worker of the API from everybody else.
constexpr std::chrono::seconds kWait{3};

// What a question reads, by where it comes from.
struct Sources {
  std::vector<std::string> of_hosts;
  std::vector<std::string> of_content;  // reference tables, and `clock`
};

Text in_query(const Error& error) {
  return error.within(phrase({"the query", "查詢"})).text();
}

Result<Sources> sources_of(const checks::Content& content, const std::string& sql) {
  auto schema = checks::schema_database(content);
  if (!schema) return fail(schema.error());
  const auto reads = schema->analyse(sql);
  if (!reads) return fail(Code::kUsage, in_query(reads.error()));
  Sources sources;
  for (const auto& table : reads->tables) {
    const auto* spec = evidence::find_table(table);
    if (spec == nullptr)
      return refuse(
          Code::kUsage,
          {"the query: {} is made for checks, and not kept", "查詢：{} 只供檢查使用，並未保存"},
          table);
    if (table == "clock" || spec->origin == evidence::Origin::kReference)
      sources.of_content.push_back(table);
    else
      sources.of_hosts.push_back(table);
  }
  if (sources.of_hosts.empty())
    return refuse(Code::kUsage,
                  {"the query reads no table of a host", "查詢未讀取任何主機的資料表"});
  return sources;
}

evidence::Table clock_at(evidence::Seconds when) {
  evidence::Table table(*evidence::find_table("clock"));
  const auto today = evidence::to_date(when);
  const auto day = evidence::from_date(today);
  table.add({{"today", today}, {"day", day ? day->time_since_epoch().count() / 86'400 : 0}});
  return table;
}

// One question on its way through the fleet.
class Search {
 public:
  Search(Store& store, TableIndex& index, const checks::Content& content,
         const FleetQuestion& question, Sources sources)
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
  Status show_content();
  Status put_to(const Numbers& numbers, std::vector<NamedHost>&& hosts);

  Store& store_;
  TableIndex& index_;
  const checks::Content& content_;
  const FleetQuestion& question_;
  const Sources sources_;
  const std::chrono::steady_clock::time_point until_;
  checks::Workbench workbench_;
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

Status Search::show_content() {
  using Shared = std::shared_ptr<const evidence::Table>;
  const auto when = question_.as_of.value_or(question_.now);
  for (const auto& table : sources_.of_content) {
    const auto put = [&](Shared rows) {
      return workbench_.put(table, table, [&]() -> Result<Shared> { return rows; });
    };
    if (table == "clock") {
      if (auto shown = put(std::make_shared<const evidence::Table>(clock_at(when))); !shown)
        return shown;
      continue;
    }
    const auto reference = content_.references.find(table);
    if (reference == content_.references.end())
      return refuse(Code::kUsage,
                    {"{}: no such reference data has been loaded", "{}：尚未載入這份參考資料"},
                    table);
    if (auto reason = checks::reason_against(reference->second, evidence::to_date(when));
        !reason.empty())
      return refuse(Code::kUsage, {"{}: {}", "{}：參考資料無法使用（{}）"}, table, reason);
    if (auto shown = put(reference->second.table); !shown) return shown;
  }
  return {};
}

Status Search::put_to(const Numbers& numbers, std::vector<NamedHost>&& hosts) {
  using Shared = std::shared_ptr<const evidence::Table>;
  for (std::size_t i = 0; i < numbers.size(); ++i) {
    const auto& digest = *index_.meaning(numbers[i]).digest;
    auto shown = workbench_.put(sources_.of_hosts[i], digest.hex(), [&]() -> Result<Shared> {
      auto table = load_table(store_, digest);
      if (!table) return fail(table.error());
      return std::make_shared<const evidence::Table>(std::move(*table));
    });
    if (!shown) return shown;
  }
  const auto room = question_.most_rows - rows_;
  auto rows = workbench_.database().query(question_.sql, static_cast<std::int64_t>(room));
  if (!rows) {
    if (rows.error().code() == Code::kConfiguration)
      return fail(Code::kUsage, in_query(rows.error()));
    return fail(rows.error());
  }
  ++answer_.distinct;
  answer_.columns = std::move(rows->columns);
  if (rows->row_count == 0) {
    answer_.without_rows += static_cast<std::int64_t>(hosts.size());
    return {};
  }
  rows_ += rows->rows.size();
  answer_.is_cut = answer_.is_cut || static_cast<std::size_t>(rows->row_count) > room;
  answer_.hits.push_back({std::move(hosts), std::move(rows->rows), rows->row_count});
  return {};
}

Status Search::put_to_all() {
  if (auto shown = show_content(); !shown) return shown;
  // In the order of the tables' numbers, so that what the next set shares is there already.
  for (auto& [numbers, hosts] : groups_) {
    if (auto still = go_on(); !still) return still;
    if (auto reason = missing(numbers); !reason.empty()) {
      auto& gap = gaps_[reason];
      std::ranges::move(hosts, std::back_inserter(gap));
      continue;
    }
    if (auto put = put_to(numbers, std::move(hosts)); !put) return put;
  }
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

}  // namespace assay::collector
