#include "collector/api/change.h"

#include <limits>
#include <set>

#include "collector/api/findings_then.h"
#include "collector/api/worst_first.h"
#include "evidence/refusal.h"

namespace assay::collector::api {

namespace {

// More changes than a person reads; then the period, or the host, is to be narrowed.
constexpr std::size_t kMostChanges = 20'000;
// More than a person reads is counted on where it is to be kept.
constexpr std::size_t kAll = std::numeric_limits<std::size_t>::max();

class Difference {
 public:
  Difference(const Service& service, const std::string& host_id, evidence::Seconds from,
             evidence::Seconds to, std::optional<std::size_t> most_listed = std::nullopt)
      : service_(service),
        host_id_(host_id),
        from_(from),
        to_(to),
        is_kept_(most_listed.has_value()),
        most_listed_(most_listed.value_or(kAll)),
        causes_(service, from, to),
        then_(service) {}

  Result<Json> read();

 private:
  Status read_hosts();
  Status add_host(const Host& host);
  Status read_findings();
  Status read_lost_evidence();
  // Findings that are open at both ends, and waived at one of them.
  Status read_waived();
  // What was not open before, and is new all the same when it was never closed: it may have been
  // seen at the end of one period and judged in the next.
  const char* list_of(const FindingChange& change) const;
  Status add_finding(FindingChange& change);
  Status tell(const FindingChange& change, const std::string& list);
  // As it was known at the end at which it was open.
  Status recall(FindingChange* change);
  Status add_lost(const VerdictChange& change);
  // Otherwise it is counted only.
  bool is_listed(const char* name) const { return lists_.at(name).size() < most_listed_; }
  Json json_of(Finding finding, const WaiversInForce::Cover& cover) const;
  bool may_be_waived(const Finding& finding) const {
    return waivers_before_.may_cover(finding.host_id, finding.check_id) ||
           waivers_after_.may_cover(finding.host_id, finding.check_id);
  }
  [[nodiscard]] std::size_t most(std::size_t now) const { return is_kept_ ? kAll : now; }
  // As for_each(), but of what is to be kept nothing is too much.
  template <typename Read, typename Take>
  Status for_all(Read read, Take take) const {
    return is_kept_ ? for_each(read, take, kAll) : for_each(read, take);
  }
  Result<std::int64_t> open_before();
  Json summary(std::int64_t before) const;
  std::string name_of_host(const std::string& host_id) const {
    const auto host = hosts_.find(host_id);
    return host == hosts_.end() ? std::string() : host->second.value("name", "");
  }
  void count(const std::string& host_id, const char* list) {
    ++counts_[list];
    const auto host = hosts_.find(host_id);
    if (host != hosts_.end()) host->second[list] = host->second.value(list, 0) + 1;
  }

  const Service& service_;
  const std::string& host_id_;
  evidence::Seconds from_;
  evidence::Seconds to_;
  bool is_kept_;
  std::size_t most_listed_;
  CauseFinder causes_;
  FindingsThen then_;
  WaiversInForce waivers_before_;
  WaiversInForce waivers_after_;
  std::map<std::string, Json> hosts_;
  std::map<std::string, Json> lists_ = {
      {"new", Json::array()},           {"fixed", Json::array()},  {"regressed", Json::array()},
      {"evidence_lost", Json::array()}, {"waived", Json::array()}, {"waiver_ended", Json::array()}};
  std::map<std::string, WorstFirst> worst_;  // of those that are to be kept, by list
  std::map<std::string, std::int64_t> counts_;
  std::map<std::string, std::int64_t> by_cause_;
};

Status Difference::add_host(const Host& host) {
  hosts_[host.id] = {{"id", host.id},
                     {"name", host.name},
                     {"enrolled_in_period", host.enrolled_at > from_},
                     {"state", name_of(host.state)},
                     {"last_seen", to_json(host.last_seen)},
                     {"new", 0},
                     {"fixed", 0},
                     {"regressed", 0},
                     {"evidence_lost", 0}};
  return {};
}

Status Difference::read_hosts() {
  return for_each([&](const PageRequest& page) { return service_.store.hosts("", page); },
                  [&](const Host& host) -> Status {
                    if (!host_id_.empty() && host.id != host_id_) return {};
                    if (host.enrolled_at > to_) return {};
                    if (!is_kept_) return add_host(host);
                    const auto then = host_at(service_, host, to_, PastHostParts::kWithoutSystem);
                    if (!then) return fail(then.error());
                    return add_host((*then)->host);
                  });
}

Status Difference::recall(FindingChange* change) {
  auto then = then_.at(change->finding, change->was_open ? from_ : to_);
  if (!then) return fail(then.error());
  if (change->was_open) then->state = FindingState::kResolved;
  change->finding = std::move(*then);
  return {};
}

Json Difference::json_of(Finding finding, const WaiversInForce::Cover& cover) const {
  if (is_kept_) finding.host_name = name_of_host(finding.host_id);
  auto json = to_json(finding, *service_.content, cover);
  if (is_kept_) leave_what_was_known(&json);
  return json;
}

const char* Difference::list_of(const FindingChange& change) const {
  if (change.was_open) return "fixed";
  const auto& finding = change.finding;
  const bool is_new = finding.first_seen > from_ || finding.first_seen == finding.opened_at;
  return is_new ? "new" : "regressed";
}

Status Difference::tell(const FindingChange& change, const std::string& name) {
  const auto& finding = change.finding;
  const auto cause = causes_.cause(finding.host_id, finding.check_id);
  if (!cause) return fail(cause.error());
  auto json = json_of(finding, waivers_after_.of_finding(finding));
  json["cause"] = name_of(*cause);
  ++by_cause_[std::string(name_of(*cause))];
  lists_[name].push_back(std::move(json));
  return {};
}

Status Difference::add_finding(FindingChange& change) {
  const auto host_id = change.finding.host_id;
  if (!host_id_.empty() && host_id != host_id_) return {};
  if (is_kept_ && !change.was_open && change.finding.first_seen <= from_)
    if (auto recalled = recall(&change); !recalled) return recalled;
  const char* name = list_of(change);
  count(host_id, name);
  if (!is_kept_) return tell(change, name);
  worst_.try_emplace(name, *service_.content, most_listed_).first->second.add(change);
  return {};
}

Status Difference::read_findings() {
  auto read = for_each(
      [&](PageRequest page) {
        page.limit = kMaxChanges;
        return service_.store.finding_changes(from_, to_, page);
      },
      [&](FindingChange& change) { return add_finding(change); }, most(kMostChanges));
  if (!read) return read;
  for (auto& [name, worst] : worst_)
    for (auto& change : worst.take()) {
      if (auto recalled = recall(&change); !recalled) return recalled;
      if (auto told = tell(change, name); !told) return told;
    }
  return {};
}

// What was judged before and cannot be judged now: it is neither fixed nor broken.
Status Difference::add_lost(const VerdictChange& change) {
  if (!host_id_.empty() && change.host_id != host_id_) return {};
  const auto is_judged = [](const std::optional<VerdictInterval>& interval) {
    return interval &&
           (interval->state == checks::State::kPass || interval->state == checks::State::kFail);
  };
  const bool is_unknown_now = change.after && (change.after->state == checks::State::kUnknown ||
                                               change.after->state == checks::State::kStale);
  if (!is_judged(change.before) || !is_unknown_now) return {};
  count(change.host_id, "evidence_lost");
  if (!is_listed("evidence_lost")) return {};
  const auto* check = service_.content->check(change.check_id);
  const Text name{change.check_id, change.check_id};
  lists_["evidence_lost"].push_back(
      {{"host", {{"id", change.host_id}, {"name", name_of_host(change.host_id)}}},
       {"check", change.check_id},
       {"title", to_json(check == nullptr ? name : check->title)},
       {"parameters", parsed(change.parameters)},
       {"frameworks", change.after->frameworks},
       {"before", checks::name_of(change.before->state)},
       {"after", checks::name_of(change.after->state)},
       {"reason", change.after->reason},
       {"since", to_json(change.after->since)}});
  return {};
}

Status Difference::read_lost_evidence() {
  return for_all(
      [&](PageRequest page) {
        page.limit = kMaxChanges;
        return service_.store.verdict_changes(from_, to_, page);
      },
      [&](const VerdictChange& change) { return add_lost(change); });
}

Status Difference::read_waived() {
  auto before = waivers_in_force(service_, from_);
  if (!before) return fail(before.error());
  waivers_before_ = std::move(*before);
  auto after = waivers_in_force(service_, to_);
  if (!after) return fail(after.error());
  waivers_after_ = std::move(*after);
  if (waivers_before_.empty() && waivers_after_.empty()) return {};
  FindingFilter filter;
  filter.host_id = host_id_;
  filter.as_of = from_;
  std::set<evidence::Digest> were_waived;
  std::set<evidence::Digest> were_open;
  auto read =
      for_all([&](const PageRequest& page) { return service_.store.findings(filter, page); },
              [&](const Finding& finding) -> Status {
                if (!may_be_waived(finding)) return {};
                const bool is_waived = waivers_before_.of_finding(finding).is_whole;
                (is_waived ? were_waived : were_open).insert(finding.id);
                return {};
              });
  if (!read) return read;
  filter.as_of = to_;
  std::size_t listed = 0;
  return for_all([&](const PageRequest& page) { return service_.store.findings(filter, page); },
                 [&](const Finding& finding) -> Status {
                   if (!may_be_waived(finding)) return {};
                   const auto cover = waivers_after_.of_finding(finding);
                   const bool is_new = cover.is_whole && were_open.contains(finding.id);
                   const bool is_over = !cover.is_whole && were_waived.contains(finding.id);
                   if (!is_new && !is_over) return {};
                   if (++listed > most(kMostChanges))
                     return refuse(Code::kTooLarge, {"too much to answer at once; filter it",
                                                     "結果過多，無法一次回覆；請縮小範圍"});
                   const char* name = is_new ? "waived" : "waiver_ended";
                   ++counts_[name];
                   if (is_listed(name)) lists_[name].push_back(json_of(finding, cover));
                   return {};
                 });
}

Result<std::int64_t> Difference::open_before() {
  FindingFilter filter;
  filter.host_id = host_id_;
  filter.as_of = from_;
  std::int64_t open = 0;
  auto counted =
      for_all([&](const PageRequest& page) { return service_.store.findings(filter, page); },
              [&](const Finding&) -> Status {
                ++open;
                return {};
              });
  if (!counted) return fail(counted.error());
  return open;
}

Json Difference::summary(std::int64_t before) const {
  const auto size = [this](const char* list) {
    const auto found = counts_.find(list);
    return found == counts_.end() ? 0 : found->second;
  };
  Json causes = Json::object();
  for (const auto& [cause, number] : by_cause_) causes[cause] = number;
  return {{"new", size("new")},
          {"fixed", size("fixed")},
          {"regressed", size("regressed")},
          {"evidence_lost", size("evidence_lost")},
          {"waived", size("waived")},
          {"waiver_ended", size("waiver_ended")},
          {"unchanged", before - size("fixed")},
          {"open_before", before},
          {"open_after", before - size("fixed") + size("new") + size("regressed")},
          {"causes", causes}};
}

Result<Json> Difference::read() {
  if (auto done = read_hosts(); !done) return fail(done.error());
  if (auto done = read_waived(); !done) return fail(done.error());
  if (auto done = read_findings(); !done) return fail(done.error());
  if (auto done = read_lost_evidence(); !done) return fail(done.error());
  const auto before = open_before();
  if (!before) return fail(before.error());
  Json hosts = Json::array();
  for (const auto& [id, host] : hosts_) hosts.push_back(host);
  Json not_listed = Json::object();
  for (const auto& [name, items] : lists_)
    if (const auto rest = counts_[name] - static_cast<std::int64_t>(items.size()); rest > 0)
      not_listed[name] = rest;
  Json json{{"from", to_json(from_)},
            {"to", to_json(to_)},
            {"hosts", hosts},
            {"new", lists_.at("new")},
            {"fixed", lists_.at("fixed")},
            {"regressed", lists_.at("regressed")},
            {"evidence_lost", lists_.at("evidence_lost")},
            {"waived", lists_.at("waived")},
            {"waiver_ended", lists_.at("waiver_ended")},
            {"summary", summary(*before)}};
  if (is_kept_) json["not_listed"] = std::move(not_listed);
  return json;
}

}  // namespace

Result<Json> difference(const Service& service, const std::string& host_id, evidence::Seconds from,
                        evidence::Seconds to) {
  return Difference(service, host_id, from, to).read();
}

Result<Json> lasting_difference(const Service& then, evidence::Seconds from, evidence::Seconds to,
                                std::size_t most_listed) {
  return Difference(then, "", from, to, most_listed).read();
}

}  // namespace assay::collector::api
