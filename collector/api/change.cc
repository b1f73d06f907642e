#include "collector/api/change.h"

#include <set>

#include "evidence/refusal.h"

namespace assay::collector::api {

namespace {

// More changes than a person reads; then the period, or the host, is to be narrowed.
constexpr std::size_t kMostChanges = 20'000;

class Difference {
 public:
  Difference(const Service& service, const std::string& host_id, evidence::Seconds from,
             evidence::Seconds to)
      : service_(service), host_id_(host_id), from_(from), to_(to), causes_(service, from, to) {}

  Result<Json> read();

 private:
  Status read_hosts();
  Status read_findings();
  Status read_lost_evidence();
  // Findings that are open at both ends, and waived at one of them.
  Status read_waived();
  Status add_finding(const FindingChange& change);
  Status add_lost(const VerdictChange& change);
  Result<std::int64_t> open_before();
  Json summary(std::int64_t before) const;
  std::string name_of_host(const std::string& host_id) const {
    const auto host = hosts_.find(host_id);
    return host == hosts_.end() ? std::string() : host->second.value("name", "");
  }
  void count(const std::string& host_id, const char* list) {
    const auto host = hosts_.find(host_id);
    if (host != hosts_.end()) host->second[list] = host->second.value(list, 0) + 1;
  }

  const Service& service_;
  const std::string& host_id_;
  evidence::Seconds from_;
  evidence::Seconds to_;
  CauseFinder causes_;
  WaiversInForce waivers_before_;
  WaiversInForce waivers_after_;
  std::map<std::string, Json> hosts_;
  std::map<std::string, Json> lists_ = {
      {"new", Json::array()},           {"fixed", Json::array()},  {"regressed", Json::array()},
      {"evidence_lost", Json::array()}, {"waived", Json::array()}, {"waiver_ended", Json::array()}};
  std::map<std::string, std::int64_t> by_cause_;
};

Status Difference::read_hosts() {
  return for_each([&](const PageRequest& page) { return service_.store.hosts("", page); },
                  [&](const Host& host) -> Status {
                    if (!host_id_.empty() && host.id != host_id_) return {};
                    if (host.enrolled_at > to_) return {};
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
                  });
}

Status Difference::add_finding(const FindingChange& change) {
  const auto& finding = change.finding;
  if (!host_id_.empty() && finding.host_id != host_id_) return {};
  const char* list = change.was_open ? "fixed" : finding.first_seen > from_ ? "new" : "regressed";
  const auto cause = causes_.cause(finding.host_id, finding.check_id);
  if (!cause) return fail(cause.error());
  auto json = to_json(finding, *service_.content, waivers_after_.of_finding(finding));
  json["cause"] = name_of(*cause);
  ++by_cause_[std::string(name_of(*cause))];
  lists_[list].push_back(std::move(json));
  count(finding.host_id, list);
  return {};
}

Status Difference::read_findings() {
  return for_each(
      [&](PageRequest page) {
        page.limit = kMaxChanges;
        return service_.store.finding_changes(from_, to_, page);
      },
      [&](const FindingChange& change) { return add_finding(change); }, kMostChanges);
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
  count(change.host_id, "evidence_lost");
  return {};
}

Status Difference::read_lost_evidence() {
  return for_each(
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
      for_each([&](const PageRequest& page) { return service_.store.findings(filter, page); },
               [&](const Finding& finding) -> Status {
                 const bool is_waived = waivers_before_.of_finding(finding).is_whole;
                 (is_waived ? were_waived : were_open).insert(finding.id);
                 return {};
               });
  if (!read) return read;
  filter.as_of = to_;
  std::size_t listed = 0;
  return for_each([&](const PageRequest& page) { return service_.store.findings(filter, page); },
                  [&](const Finding& finding) -> Status {
                    const auto cover = waivers_after_.of_finding(finding);
                    const bool is_new = cover.is_whole && were_open.contains(finding.id);
                    const bool is_over = !cover.is_whole && were_waived.contains(finding.id);
                    if (!is_new && !is_over) return {};
                    if (++listed > kMostChanges)
                      return refuse(Code::kTooLarge, {"too much to answer at once; filter it",
                                                      "結果過多，無法一次回覆；請縮小範圍"});
                    lists_[is_new ? "waived" : "waiver_ended"].push_back(
                        to_json(finding, *service_.content, cover));
                    return {};
                  });
}

Result<std::int64_t> Difference::open_before() {
  FindingFilter filter;
  filter.host_id = host_id_;
  filter.as_of = from_;
  std::int64_t open = 0;
  auto counted =
      for_each([&](const PageRequest& page) { return service_.store.findings(filter, page); },
               [&](const Finding&) -> Status {
                 ++open;
                 return {};
               });
  if (!counted) return fail(counted.error());
  return open;
}

Json Difference::summary(std::int64_t before) const {
  const auto size = [this](const char* list) {
    return static_cast<std::int64_t>(lists_.at(list).size());
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
  return Json{{"from", to_json(from_)},
              {"to", to_json(to_)},
              {"hosts", hosts},
              {"new", lists_.at("new")},
              {"fixed", lists_.at("fixed")},
              {"regressed", lists_.at("regressed")},
              {"evidence_lost", lists_.at("evidence_lost")},
              {"waived", lists_.at("waived")},
              {"waiver_ended", lists_.at("waiver_ended")},
              {"summary", summary(*before)}};
}

}  // namespace

Result<Json> difference(const Service& service, const std::string& host_id, evidence::Seconds from,
                        evidence::Seconds to) {
  return Difference(service, host_id, from, to).read();
}

}  // namespace assay::collector::api
