// /api/v1/cadence: for every control with a frequency, which of the last months, quarters … have
// evidence, by checks or, where no check decides, by people, and on which hosts it is missing.
#include "collector/evaluation/cadence.h"

#include "collector/api/addressee.h"
#include "collector/api/records.h"
#include "collector/records/attested_days.h"
#include "evidence/refusal.h"

namespace assay::collector::api {

namespace {

// Hosts that are named; the others are counted.
constexpr std::size_t kMostNamed = 50;

struct PeriodCount {
  Period period;
  std::size_t hosts = 0;                                     // that have evidence
  std::vector<std::pair<std::string, std::string>> missing;  // id and name
};

// A control with its periods, the present one last.
struct ControlCadence {
  const checks::Framework* framework = nullptr;
  const checks::Control* control = nullptr;
  std::vector<std::string> checks;  // that decide it; none: people do
  std::vector<Period> periods;
  std::vector<PeriodCount> counts;
};

std::vector<ControlCadence> controls_of(const checks::Content& content,
                                        std::string_view framework_id, evidence::Seconds now) {
  std::vector<ControlCadence> out;
  for (const auto& framework : content.frameworks) {
    if (!framework_id.empty() && framework.id != framework_id) continue;
    for (const auto& control : framework.controls) {
      auto periods = periods_of(control.frequency, now);
      auto checks = deciding_checks(content, framework.id, control.id);
      if (periods.empty()) continue;
      ControlCadence cadence{&framework, &control, std::move(checks), std::move(periods), {}};
      for (const auto& period : cadence.periods) cadence.counts.push_back({period, 0, {}});
      out.push_back(std::move(cadence));
    }
  }
  return out;
}

evidence::Seconds earliest(const std::vector<ControlCadence>& controls, evidence::Seconds now) {
  auto first = now;
  for (const auto& cadence : controls) first = std::min(first, cadence.periods.front().begin);
  return first;
}

Result<HostPast> past_of(const Service& service, const Host& host, evidence::Seconds from) {
  HostPast past;
  past.enrolled_at = host.enrolled_at;
  auto accepted = service.store.accepted_since(host.id, from);
  if (!accepted) return fail(accepted.error());
  past.accepted = std::move(*accepted);
  auto read = for_each(
      [&](const PageRequest& page) { return service.store.verdicts_since(host.id, from, page); },
      [&](VerdictInterval& interval) -> Status {
        past.verdicts.push_back(std::move(interval));
        return {};
      });
  if (!read) return fail(read.error());
  return past;
}

// Whether one of the checks is asked of such a host at all.
bool is_asked(const checks::Content& content, const std::vector<std::string>& checks,
              const std::string& profile) {
  return std::ranges::any_of(checks, [&](const std::string& id) {
    const auto* check = content.check(id);
    return check != nullptr && std::ranges::find(check->profiles, profile) != check->profiles.end();
  });
}

// What is known of one host for it.
struct Subject {
  const Host& host;
  checks::Addressee addressee;
  HostPast past;
};

void count(const Service& service, const Subject& subject, const AttestedDays& attested,
           evidence::Seconds now, ControlCadence* cadence) {
  const auto& [framework, control, checks, periods, counts] = *cadence;
  const auto& host = subject.host;
  const bool is_of_people = checks.empty();
  if (!checks::why_not_for(control->applies_to, subject.addressee).en.empty()) return;
  if (!is_of_people && !is_asked(*service.content, checks, host.profile)) return;
  const auto evidence = is_of_people
                            ? attested_in(periods, subject.past.enrolled_at,
                                          attested.of(framework->id, control->id, host.id))
                            : evidence_in(periods, subject.past, framework->id, checks, now);
  for (std::size_t i = 0; i < evidence.size(); ++i) {
    if (evidence[i] == PeriodEvidence::kThere) ++cadence->counts[i].hosts;
    if (evidence[i] == PeriodEvidence::kMissing)
      cadence->counts[i].missing.emplace_back(host.id, host.name);
  }
}

Json to_json(const PeriodCount& count) {
  Json missing = Json::array();
  for (const auto& [id, name] : count.missing)
    if (missing.size() < kMostNamed) missing.push_back({{"id", id}, {"name", name}});
  return {{"name", count.period.name},
          {"begin", api::to_json(count.period.begin)},
          {"end", api::to_json(count.period.end)},
          {"has_evidence", count.hosts > 0 && count.missing.empty()},
          {"hosts", count.hosts},
          {"missing", count.missing.size()},
          {"missing_hosts", std::move(missing)}};
}

Json to_json(const ControlCadence& cadence) {
  Json periods = Json::array();
  std::size_t there = 0;
  for (std::size_t i = 0; i + 1 < cadence.counts.size(); ++i) {
    periods.push_back(to_json(cadence.counts[i]));
    if (periods.back()["has_evidence"].get<bool>()) ++there;
  }
  return {{"framework", cadence.framework->id},
          {"edition", cadence.framework->edition},
          {"id", cadence.control->id},
          {"title", api::to_json(cadence.control->title)},
          {"frequency", cadence.control->frequency},
          {"by", cadence.checks.empty() ? "attestations" : "checks"},
          {"checks", cadence.checks},
          {"with_evidence", there},
          {"of", periods.size()},
          {"periods", std::move(periods)},
          {"present", to_json(cadence.counts.back())}};
}

Result<ApiResponse> answer(const Service& service, const ApiRequest& request) {
  const auto framework = request.text("framework");
  if (!framework.empty() && service.content->framework(framework) == nullptr)
    return refuse(Code::kNotFound, {"no framework {}", "找不到規範 {}"}, framework);
  const auto host_id = service.host_id_in(request);
  if (!host_id) return fail(host_id.error());
  const auto group = request.text("group");
  const auto now = service.now();
  auto controls = controls_of(*service.content, framework, now);
  const auto from = earliest(controls, now);
  const auto attested = attested_days(service);
  if (!attested) return fail(attested.error());
  const auto take = [&](const Host& host) -> Status {
    if (host_id->empty() && host.state != HostState::kActive) return {};
    const auto entry = service.store.register_entry(host.id, std::nullopt);
    if (!entry) return fail(entry.error());
    if (!group.empty() && !std::ranges::binary_search(entry->groups, group)) return {};
    auto past = past_of(service, host, from);
    if (!past) return fail(past.error());
    const Subject subject{host, addressee_of(service, host, *entry), std::move(*past)};
    for (auto& cadence : controls) count(service, subject, *attested, now, &cadence);
    return {};
  };
  Status looked;
  if (host_id->empty()) {
    looked = for_each([&](const PageRequest& page) { return service.store.hosts("", page); }, take);
  } else {
    const auto host = service.store.host(*host_id);
    if (!host) return fail(host.error());
    looked = take(*host);
  }
  if (!looked) return fail(looked.error());
  Json items = Json::array();
  for (const auto& cadence : controls) items.push_back(to_json(cadence));
  return json_response(page_of(std::move(items), {}));
}

}  // namespace

void add_cadence(Router& router, const Service& service) {
  router.get("/api/v1/cadence", {"framework", "host", "group"},
             [&service](const ApiRequest& request) { return answer(service, request); });
}

}  // namespace assay::collector::api
