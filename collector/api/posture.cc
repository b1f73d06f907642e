#include "collector/api/posture.h"

#include <algorithm>

#include "collector/api/addressee.h"
#include "collector/api/past_host.h"
#include "collector/api/records.h"
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
                                                       const VerdictInterval& interval,
                                                       const checks::Verdict& verdict,
                                                       std::optional<evidence::Seconds> as_of) {
  std::vector<Finding> findings;
  bool is_complete = false;
  if (interval.state == checks::State::kFail &&
      waivers.needs_findings(interval.host_id, interval.check_id)) {
    FindingFilter filter;
    filter.host_id = interval.host_id;
    filter.check_id = interval.check_id;
    filter.state = FindingState::kOpen;
    filter.as_of = as_of;
    auto read =
        for_each([&](const PageRequest& page) { return service.store.findings(filter, page); },
                 [&](Finding& finding) -> Status {
                   findings.push_back(std::move(finding));
                   return {};
                 });
    if (!read) return fail(read.error());
    const auto json = service.store.result(interval.key);
    if (!json && json.error().code() != Code::kNotFound) return fail(json.error());
    const auto result = json ? checks::result_from_json(*json) : fail(json.error());
    is_complete = result && static_cast<std::int64_t>(result->rows.size()) == result->row_count;
  }
  return waivers.of_verdict(verdict, interval.host_id, findings, is_complete);
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
  scope.host_id = std::move(*host);
  scope.group = request.text("group");
  const auto as_of = Service::as_of_in(request);
  if (!as_of) return fail(as_of.error());
  scope.as_of = *as_of;
  return scope;
}

namespace {

struct HostVerdicts {
  std::vector<checks::Verdict> verdicts;
  std::map<std::pair<std::string, std::string>, std::vector<const Waiver*>> waivers;
};

Status add(const Service& service, const WaiversInForce& waivers, const VerdictInterval& interval,
           std::optional<evidence::Seconds> as_of, HostVerdicts* host) {
  const auto verdict = verdict_of(interval, *service.content);
  if (!verdict) return {};
  auto parts = with_waivers(service, waivers, interval, *verdict, as_of);
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

HostPosture posture_of(const Service& service, const AttestationsInForce& attestations, Host host,
                       const RegisterEntry& entry, HostVerdicts judged) {
  const bool is_judged = !judged.verdicts.empty();
  const auto attested = [&](const checks::Framework& framework, const checks::Control& control) {
    // On a host that was never judged only what no machine could tell may be answered for.
    const bool is_manual = control.mode == checks::Control::Mode::kManual;
    return (is_judged || is_manual) &&
           attestations.find(framework.id, control.id, host.id) != nullptr;
  };
  auto frameworks = checks::roll_up(*service.content, judged.verdicts, attested,
                                    addressee_of(service, host, entry));
  if (!is_judged) mark_unjudged(&frameworks);
  return {std::move(host), std::move(frameworks), false, {}, std::move(judged.waivers)};
}

}  // namespace

Result<Postures> postures(const Service& service, const PostureScope& scope) {
  const auto& [host_id, group, as_of] = scope;
  const auto when = as_of.value_or(service.now());
  Postures out;
  auto waivers = waivers_in_force(service, as_of);
  if (!waivers) return fail(waivers.error());
  out.waivers = std::move(*waivers);
  auto attestations = attestations_in_force(service, as_of);
  if (!attestations) return fail(attestations.error());
  out.attestations = std::move(*attestations);

  std::map<std::string, HostVerdicts> judged;
  VerdictFilter filter;
  filter.host_id = host_id;
  filter.as_of = as_of;
  auto read =
      for_each([&](const PageRequest& page) { return service.store.verdicts(filter, page); },
               [&, at = as_of](const VerdictInterval& interval) {
                 return add(service, out.waivers, interval, at, &judged[interval.host_id]);
               });
  if (!read) return fail(read.error());

  const auto take = [&, is_one = !host_id.empty(), at = as_of,
                     &of_group = group](Host& host) -> Status {
    if (at) {
      auto then = host_at(service, std::move(host), *at, PastHostParts::kWithoutSystem);
      if (!then) return fail(then.error());
      if (!*then) return {};  // not enrolled yet
      host = std::move((*then)->host);
    }
    if (!is_one && host.state != HostState::kActive) return {};
    auto entry = service.store.register_entry(host.id, at);
    if (!entry) return fail(entry.error());
    const bool is_in = of_group.empty() || std::ranges::binary_search(entry->groups, of_group);
    if (!is_in) return {};
    const auto last_scan = scanned_at(service, host, when);
    if (!last_scan) return fail(last_scan.error());
    auto its = std::move(judged[host.id]);
    auto posture = posture_of(service, out.attestations, std::move(host), *entry, std::move(its));
    posture.groups = std::move(entry->groups);
    mark_stale(&posture, *last_scan, when - service.stale_after);
    out.hosts.push_back(std::move(posture));
    return {};
  };
  if (!host_id.empty()) {
    auto host = service.store.host(host_id);
    if (!host) return fail(host.error());
    if (auto taken = take(*host); !taken) return fail(taken.error());
    return out;
  }
  auto hosts =
      for_each([&](const PageRequest& page) { return service.store.hosts("", page); }, take);
  if (!hosts) return fail(hosts.error());
  if (out.hosts.empty() && !group.empty())
    return refuse(Code::kNotFound, {"no host is in group {}", "群組 {} 中沒有任何主機"}, group);
  return out;
}

std::vector<FleetControl> fleet_controls(const std::vector<HostPosture>& hosts,
                                         std::size_t framework) {
  std::vector<FleetControl> out;
  for (const auto& host : hosts) {
    const auto& controls = host.frameworks.at(framework).controls;
    for (std::size_t i = 0; i < controls.size(); ++i) {
      if (out.size() <= i) out.push_back({controls[i], {}});
      auto& control = out[i];
      ++control.hosts[controls[i].state];
      // Reasons and checks come from the host that is worst off.
      const bool is_worse = controls[i].state > control.worst.state;
      const bool passes_beside = control.worst.state == checks::State::kNotApplicable &&
                                 controls[i].state == checks::State::kPass;
      const bool only_not_applicable = control.worst.state == checks::State::kPass &&
                                       controls[i].state == checks::State::kNotApplicable;
      if ((is_worse && !only_not_applicable) || passes_beside) control.worst = controls[i];
    }
  }
  return out;
}

FleetScore fleet_score(const std::vector<HostPosture>& hosts, std::size_t framework) {
  FleetScore out;
  std::int64_t passed = 0;
  std::int64_t judged = 0;
  for (const auto& host : hosts) {
    const auto& state = host.frameworks.at(framework);
    out.coverage += state.coverage / static_cast<double>(hosts.size());
    for (const auto& control : state.controls) {
      const auto outcome = checks::has_passed(control);
      if (!outcome) continue;
      ++judged;
      if (*outcome) ++passed;
    }
  }
  if (judged > 0) out.score = static_cast<double>(passed) / static_cast<double>(judged);
  return out;
}

}  // namespace assay::collector::api
