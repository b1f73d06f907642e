#include "collector/api/fleet_review.h"

#include <algorithm>
#include <map>
#include <set>

#include "collector/evaluation/recorded_tables.h"
#include "collector/records/approvals.h"
#include "evidence/refusal.h"

namespace assay::collector::api {

namespace {

// Hosts, versions and publishers that are named; the others are counted.
constexpr std::size_t kMostNamed = 50;

// One thing over all machines.
struct Thing {
  Unapproved first;
  std::set<std::string> versions;
  std::set<std::string> publishers;
  std::vector<const Host*> hosts;
  std::optional<evidence::Seconds> first_seen;
  std::string installed_at;  // the earliest; empty: not known
  std::set<std::string> installed_by;
};

Status for_hosts(const Service& service, const std::string& host_id,
                 const std::function<Status(const Host&)>& take) {
  if (!host_id.empty()) {
    const auto host = service.store.host(host_id);
    if (!host) return fail(host.error());
    return take(*host);
  }
  return for_each([&](const PageRequest& page) { return service.store.hosts("", page); },
                  [&](const Host& host) -> Status {
                    return host.state == HostState::kActive ? take(host) : Status();
                  });
}

// Since when checks have reported it: by host, the table that shows it, and its key.
using FirstSeen = std::map<std::string, evidence::Seconds>;

bool reads(const checks::Check& check, const std::string& table) {
  return std::ranges::find(check.tables, table) != check.tables.end();
}

std::string seen_key(const std::string& host_id, const Unapproved& item) {
  return host_id + "\n" + item.seen->tables.front() + "\n" + key_of(item);
}

// The key that a finding's row has, as key_of() makes it; nullopt when the row lacks a column.
std::optional<std::string> key_in(const Json& row, const SeenIn& seen) {
  std::string key;
  for (const auto& column : seen.key) {
    if (column == "kind" && !seen.kind.empty()) {
      key += "=" + seen.kind + "\n";
      continue;
    }
    const auto found = row.find(column);
    if (found == row.end()) return std::nullopt;
    key += found->is_null()     ? "-\n"
           : found->is_string() ? "=" + found->get<std::string>() + "\n"
                                : "=" + found->dump() + "\n";
  }
  return key;
}

Result<FirstSeen> first_seen(const Service& service, const ReviewWish& wish) {
  FirstSeen out;
  for (const auto& check : service.content->checks) {
    if (!reads(check, wish.list->name)) continue;
    FindingFilter filter;
    filter.check_id = check.id;
    filter.host_id = wish.host_id;
    filter.state = FindingState::kOpen;
    auto read =
        for_each([&](const PageRequest& page) { return service.store.findings(filter, page); },
                 [&](const Finding& finding) -> Status {
                   const auto row = parsed(finding.row);
                   for (const auto& seen : wish.list->seen) {
                     if (!row.is_object() || !reads(check, seen.tables.front())) continue;
                     const auto key = key_in(row, seen);
                     if (!key) continue;
                     const auto full = finding.host_id + "\n" + seen.tables.front() + "\n" + *key;
                     const auto [at, is_new] = out.emplace(full, finding.first_seen);
                     if (!is_new) at->second = std::min(at->second, finding.first_seen);
                   }
                   return {};
                 });
    if (!read) return fail(read.error());
  }
  return out;
}

void add_text(std::set<std::string>* texts, const evidence::Value& value) {
  if (const auto* text = std::get_if<std::string>(&value)) texts->insert(*text);
}

// UTC with its Z, or a machine's local time without.
std::string installation_time(const evidence::Value& value) {
  if (const auto* seconds = std::get_if<std::int64_t>(&value))
    return evidence::to_timestamp(evidence::Seconds(std::chrono::seconds(*seconds)));
  const auto* local = std::get_if<std::string>(&value);
  return local == nullptr ? std::string() : *local;
}

void add_to(Thing* thing, const Unapproved& item, const Host& host, const FirstSeen& since) {
  if (thing->hosts.empty()) thing->first = item;
  if (thing->hosts.empty() || thing->hosts.back() != &host) thing->hosts.push_back(&host);
  add_text(&thing->versions, value_of(item.row, "version"));
  add_text(&thing->publishers, value_of(item.row, "publisher"));
  add_text(&thing->installed_by, value_of(item.row, "installed_by"));
  if (const auto at = installation_time(value_of(item.row, "installed_at"));
      !at.empty() && (thing->installed_at.empty() || at < thing->installed_at))
    thing->installed_at = at;
  if (const auto seen = since.find(seen_key(host.id, item)); seen != since.end())
    thing->first_seen = std::min(thing->first_seen.value_or(seen->second), seen->second);
}

Json some_of(const std::set<std::string>& texts) {
  Json out = Json::array();
  for (const auto& text : texts)
    if (out.size() < kMostNamed) out.push_back(text);
  return out;
}

Json to_json(const Thing& thing) {
  Json out = Json::object();
  for (const auto& column : thing.first.seen->key)
    out[column] = api::to_json(value_of(thing.first.row, column));
  for (const auto* column : {"package", "path", "rights"})
    if (!out.contains(column) &&
        !std::holds_alternative<std::monostate>(value_of(thing.first.row, column)))
      out[column] = api::to_json(value_of(thing.first.row, column));
  out["versions"] = some_of(thing.versions);
  out["version_count"] = thing.versions.size();
  out["publishers"] = some_of(thing.publishers);
  Json hosts = Json::array();
  for (const auto* host : thing.hosts)
    if (hosts.size() < kMostNamed) hosts.push_back({{"id", host->id}, {"name", host->name}});
  out["hosts"] = std::move(hosts);
  out["host_count"] = thing.hosts.size();
  out["first_seen"] = api::to_json(thing.first_seen);
  if (!thing.first_seen)
    out["first_seen_reason"] =
        api::to_json(Text{"no check has reported it yet", "尚無檢查回報此項目"});
  out["installed_at"] = thing.installed_at.empty() ? Json(nullptr) : Json(thing.installed_at);
  out["installed_by"] = thing.installed_by.empty() ? Json(nullptr) : some_of(thing.installed_by);
  if (thing.installed_at.empty() || thing.installed_by.empty())
    out["installed_reason"] = api::to_json(thing.first.seen->no_installer);
  return out;
}

// Looks at every wished host's latest snapshot.
class FleetLook {
 public:
  FleetLook(const Service& service, Reviewer& reviewer) : service_(service), reviewer_(reviewer) {}

  // What it has; nullopt where nothing of it can be said: it is counted in `not_seen`.
  Result<std::optional<Reviewer::Answer>> look(const Host& host) {
    if (!host.last_snapshot) {
      ++not_seen_[{"", "the host has not sent a snapshot yet"}];
      return std::nullopt;
    }
    const auto snapshot = service_.store.snapshot(*host.last_snapshot);
    if (!snapshot) return fail(snapshot.error());
    const auto manifest = read_manifest(service_.store, *snapshot);
    if (!manifest) return fail(manifest.error());
    const auto entry = service_.store.register_entry(host.id, std::nullopt);
    if (!entry) return fail(entry.error());
    const SnapshotTables tables(service_.store, manifest->manifest);
    const RecordedTables all(tables, service_.store, entry->tables());
    auto answer = reviewer_.review(all, host.name);
    if (!answer) return fail(answer.error());
    ++hosts_;
    for (const auto& missing : answer->missing) ++not_seen_[{missing.table, missing.reason}];
    return std::move(*answer);
  }
  [[nodiscard]] std::size_t hosts() const { return hosts_; }
  [[nodiscard]] Json not_seen() const {
    Json out = Json::array();
    for (const auto& [what, count] : not_seen_)
      out.push_back({{"table", what.first.empty() ? Json(nullptr) : Json(what.first)},
                     {"reason", what.second},
                     {"hosts", count}});
    return out;
  }

 private:
  const Service& service_;
  Reviewer& reviewer_;
  std::size_t hosts_ = 0;
  std::map<std::pair<std::string, std::string>, std::size_t> not_seen_;
};

Result<Reviewer> reviewer_for(const Service& service, const ReviewWish& wish) {
  auto approved = approved_rows(*service.content, *wish.list, service.store, service.now());
  if (!approved) return fail(approved.error());
  return Reviewer(*wish.list, std::move(*approved), evidence::to_date(service.now()), wish.kinds);
}

}  // namespace

Result<Json> fleet_review(const Service& service, const ReviewWish& wish) {
  auto reviewer = reviewer_for(service, wish);
  if (!reviewer) return fail(reviewer.error());
  const auto since = first_seen(service, wish);
  if (!since) return fail(since.error());
  FleetLook fleet(service, *reviewer);
  std::vector<std::unique_ptr<const Host>> hosts;
  std::map<std::string, Thing> things;
  auto looked = for_hosts(service, wish.host_id, [&](const Host& host) -> Status {
    const auto answer = fleet.look(host);
    if (!answer) return fail(answer.error());
    if (!*answer) return {};
    hosts.push_back(std::make_unique<const Host>(host));
    for (const auto& item : (*answer)->items)
      add_to(&things[key_of(item)], item, *hosts.back(), *since);
    return {};
  });
  if (!looked) return fail(looked.error());
  std::vector<const Thing*> sorted;
  for (const auto& [key, thing] : things) sorted.push_back(&thing);
  std::ranges::stable_sort(sorted, std::ranges::greater{},
                           [](const Thing* thing) { return thing->hosts.size(); });
  Json items = Json::array();
  for (const auto* thing : sorted) items.push_back(to_json(*thing));
  return Json{{"list", wish.list->name},
              {"hosts", fleet.hosts()},
              {"not_seen", fleet.not_seen()},
              {"items", std::move(items)},
              {"next", nullptr}};
}

Result<Json> proposals(const Service& service, const ReviewWish& wish, bool is_exact) {
  auto reviewer = reviewer_for(service, wish);
  if (!reviewer) return fail(reviewer.error());
  FleetLook fleet(service, *reviewer);
  Json items = Json::array();
  std::set<std::string> seen;
  auto looked = for_hosts(service, wish.host_id, [&](const Host& host) -> Status {
    const auto answer = fleet.look(host);
    if (!answer) return fail(answer.error());
    if (!*answer)
      return refuse(Code::kConflict, {"{} has not sent a snapshot yet", "{} 尚未送出快照"},
                    host.name);
    for (const auto& item : (*answer)->items) {
      Json row = Json::object();
      for (const auto& [column, value] : proposal_for(*wish.list, item, is_exact))
        row[column] = api::to_json(value);
      if (seen.insert(row.dump(-1, ' ', false, Json::error_handler_t::replace)).second)
        items.push_back(std::move(row));
    }
    return {};
  });
  if (!looked) return fail(looked.error());
  return Json{{"list", wish.list->name},
              {"not_seen", fleet.not_seen()},
              {"items", std::move(items)},
              {"next", nullptr}};
}

}  // namespace assay::collector::api
