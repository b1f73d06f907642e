#include "collector/api/posture.h"

#include <algorithm>
#include <memory>
#include <tuple>
#include <utility>

#include "collector/api/addressee.h"
#include "collector/api/past_host.h"
#include "collector/api/records.h"
#include "collector/store/recent_map.h"
#include "evidence/refusal.h"

namespace assay::collector::api {

namespace {

evidence::Value value_of(const Json& json) {
  if (json.is_number_integer()) return json.get<std::int64_t>();
  if (json.is_string()) return json.get<std::string>();
  return evidence::kNull;
}

// What a machine could have told about a host that was never judged is unknown, not manual.
void mark_unjudged(std::vector<checks::FrameworkState>* frameworks) {
  for (auto& framework : *frameworks)
    for (auto& control : framework.controls) {
      if (control.control->mode == checks::Control::Mode::kManual || !control.is_addressed())
        continue;
      control.state = control.automated = checks::State::kUnknown;
      control.reason = "the host has not been judged yet";
    }
}

}  // namespace

std::optional<checks::Verdict> verdict_of(const VerdictInterval& interval,
                                          const checks::Content& content) {
  checks::Question question{content.check(interval.check_id), {}, interval.frameworks};
  if (question.check == nullptr) return std::nullopt;
  const auto parameters = parsed(interval.parameters);
  if (parameters.is_object())
    for (const auto& [name, value] : parameters.items())
      question.parameters[name] = value_of(value);
  checks::CheckResult result;
  result.state = interval.state;
  result.reason = interval.reason;
  return checks::Verdict{std::make_shared<const checks::Question>(std::move(question)),
                         interval.key,
                         std::make_shared<const checks::CheckResult>(std::move(result))};
}

Result<std::vector<WaiversInForce::Part>> with_waivers(const Service& service,
                                                       const WaiversInForce& waivers,
                                                       const std::string& host_id,
                                                       const VerdictInterval& interval,
                                                       const checks::Verdict& verdict,
                                                       std::optional<evidence::Seconds> as_of) {
  std::vector<Finding> findings;
  bool is_complete = false;
  if (interval.state == checks::State::kFail &&
      waivers.needs_findings(host_id, interval.check_id)) {
    FindingFilter filter;
    filter.host_id = host_id;
    filter.check_id = interval.check_id;
    filter.state = FindingState::kOpen;
    filter.as_of = as_of;
    auto open = service.findings(filter);
    if (!open) return fail(open.error());
    findings = std::move(*open);
    const auto json = service.store.result(interval.key);
    if (!json && json.error().code() != Code::kNotFound) return fail(json.error());
    const auto result = json ? checks::result_from_json(*json) : fail(json.error());
    is_complete = result && static_cast<std::int64_t>(result->rows.size()) == result->row_count;
  }
  return waivers.of_verdict(verdict, host_id, findings, is_complete);
}

void mark_stale(HostPosture* posture, std::optional<evidence::Seconds> last_scan,
                evidence::Seconds limit) {
  if (!last_scan || *last_scan >= limit) return;
  posture->is_stale = true;
  const auto reason = "no scan since " + evidence::to_timestamp(*last_scan);
  for (auto& framework : posture->frameworks) {
    framework.score = std::nullopt;
    framework.coverage = 0;
    for (auto& control : framework.controls) {
      if (control.checks.empty() || !control.is_addressed()) continue;  // no machine tells of it
      control.state = control.automated = checks::State::kStale;
      control.reason = reason;
    }
  }
}

Result<PostureScope> scope_in(const Service& service, const ApiRequest& request) {
  PostureScope scope;
  auto host = service.host_id_in(request);
  if (!host) return fail(host.error());
  if (!host->empty()) scope.host_ids.push_back(std::move(*host));
  scope.group = request.text("group");
  const auto as_of = Service::as_of_in(request);
  if (!as_of) return fail(as_of.error());
  scope.as_of = *as_of;
  return scope;
}

namespace {

// Verdicts of a family are some twelve: with what a host has for itself, 20 MB.
constexpr std::size_t kKnownSets = 2'000;

struct HostVerdicts {
  std::vector<checks::Verdict> verdicts;
  std::map<std::pair<std::string, std::string>, std::vector<const Waiver*>> waivers;
};

// The verdicts of one host after another. What many hosts have the same is made once.
class VerdictReader {
 public:
  VerdictReader(const Service& service, const WaiversInForce& waivers,
                std::optional<evidence::Seconds> as_of)
      : service_(service), waivers_(waivers), as_of_(as_of) {}

  [[nodiscard]] Result<HostVerdicts> read(const std::string& host_id) {
    HostVerdicts host;
    const auto done = as_of_ ? read_of_then(host_id, &host) : read_standing(host_id, &host);
    if (!done) return fail(done.error());
    return host;
  }

 private:
  struct Known {
    VerdictSet set;  // so that its place is not another's
    std::vector<std::optional<checks::Verdict>> verdicts;
  };
  struct Standing {
    const VerdictInterval* interval;
    const std::optional<checks::Verdict>* verdict;
  };

  Status read_standing(const std::string& host_id, HostVerdicts* host) {
    const auto sets = service_.store.standing(host_id);
    if (!sets) return fail(sets.error());
    std::vector<std::shared_ptr<const Known>> known;
    std::vector<Standing> standing;
    for (const auto& set : *sets) {
      known.push_back(of(set));
      for (std::size_t i = 0; i < set->size(); ++i)
        standing.push_back({&(*set)[i], &known.back()->verdicts[i]});
    }
    std::ranges::sort(standing, {}, [](const Standing& one) {
      return std::tie(one.interval->check_id, one.interval->parameters);
    });
    for (const auto& [interval, verdict] : standing) {
      if (auto done = add(host_id, *interval, *verdict, host); !done) return done;
    }
    return {};
  }
  Status read_of_then(const std::string& host_id, HostVerdicts* host) {
    VerdictFilter filter;
    filter.host_id = host_id;
    filter.as_of = as_of_;
    return for_each([&](const PageRequest& page) { return service_.store.verdicts(filter, page); },
                    [&](const VerdictInterval& interval) {
                      return add(host_id, interval, verdict_of(interval, *service_.content), host);
                    });
  }
  std::shared_ptr<const Known> of(const VerdictSet& set) {
    if (const auto* found = known_.find(set.get()); found != nullptr) return *found;
    auto known = std::make_shared<Known>(Known{set, {}});
    for (const auto& interval : *set)
      known->verdicts.push_back(verdict_of(interval, *service_.content));
    return known_.keep(set.get(), std::move(known));
  }
  // Nothing of a verdict whose check is no more.
  Status add(const std::string& host_id, const VerdictInterval& interval,
             const std::optional<checks::Verdict>& verdict, HostVerdicts* host) {
    if (!verdict) return {};
    auto parts = with_waivers(service_, waivers_, host_id, interval, *verdict, as_of_);
    if (!parts) return fail(parts.error());
    for (auto& part : *parts) {
      for (const auto& framework : part.verdict.frameworks())
        if (!part.waivers.empty()) {
          auto& its = host->waivers[{framework, interval.check_id}];
          for (const auto* waiver : part.waivers)
            if (std::ranges::find(its, waiver) == its.end()) its.push_back(waiver);
        }
      host->verdicts.push_back(std::move(part.verdict));
    }
    return {};
  }

  const Service& service_;
  const WaiversInForce& waivers_;
  const std::optional<evidence::Seconds> as_of_;
  RecentMap<const void*, std::shared_ptr<const Known>> known_{kKnownSets};
};

HostPosture posture_of(const Service& service, const checks::RollUp& roll_up,
                       const AttestationsInForce& attestations, Host host,
                       const RegisterEntry& entry, HostVerdicts judged) {
  const bool is_judged = !judged.verdicts.empty();
  const auto attested = [&](const checks::Framework& framework, const checks::Control& control) {
    // On a host that was never judged only what no machine could tell may be answered for.
    const bool is_manual = control.mode == checks::Control::Mode::kManual;
    return (is_judged || is_manual) &&
           attestations.find(framework.id, control.id, host.id) != nullptr;
  };
  auto frameworks = roll_up.of(judged.verdicts, attested, addressee_of(service, host, entry));
  if (!is_judged) mark_unjudged(&frameworks);
  return {std::move(host), std::move(frameworks), false, {}, std::move(judged.waivers)};
}

}  // namespace

Result<PostureTerms> posture_terms(const Service& service, std::optional<evidence::Seconds> as_of) {
  auto waivers = waivers_in_force(service, as_of);
  if (!waivers) return fail(waivers.error());
  auto attestations = attestations_in_force(service, as_of);
  if (!attestations) return fail(attestations.error());
  return PostureTerms{std::move(*waivers), std::move(*attestations)};
}

Status each_posture(const Service& service, const PostureScope& scope, const PostureTerms& terms,
                    const std::function<void(HostPosture)>& take) {
  const auto& [host_ids, group, as_of] = scope;
  const auto when = as_of.value_or(service.now());
  VerdictReader verdicts(service, terms.waivers, as_of);
  const checks::RollUp roll_up(*service.content);
  std::size_t taken = 0;
  const auto consider = [&, is_named = !host_ids.empty(), at = as_of,
                         &of_group = group](Host& host) -> Status {
    if (at) {
      auto then = host_at(service, std::move(host), *at, PastHostParts::kWithoutSystem);
      if (!then) return fail(then.error());
      if (!*then) return {};  // not enrolled yet
      host = std::move((*then)->host);
    }
    if (!is_named && host.state != HostState::kActive) return {};
    auto entry = service.store.register_entry(host.id, at);
    if (!entry) return fail(entry.error());
    const bool is_in = of_group.empty() || std::ranges::binary_search(entry->groups, of_group);
    if (!is_in) return {};
    const auto last_scan = scanned_at(service, host, when);
    if (!last_scan) return fail(last_scan.error());
    auto judged = verdicts.read(host.id);
    if (!judged) return fail(judged.error());
    auto posture = posture_of(service, roll_up, terms.attestations, std::move(host), *entry,
                              std::move(*judged));
    posture.groups = std::move(entry->groups);
    mark_stale(&posture, *last_scan, when - service.stale_after);
    ++taken;
    take(std::move(posture));
    return {};
  };
  for (const auto& id : host_ids) {
    auto host = service.store.host(id);
    if (!host) return fail(host.error());
    if (auto done = consider(*host); !done) return done;
  }
  if (!host_ids.empty()) return {};
  auto hosts =
      for_each([&](const PageRequest& page) { return service.store.hosts("", page); }, consider);
  if (!hosts) return hosts;
  if (taken == 0 && !group.empty())
    return refuse(Code::kNotFound, {"no host is in group {}", "群組 {} 中沒有任何主機"}, group);
  return {};
}

}  // namespace assay::collector::api
