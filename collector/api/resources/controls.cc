// /api/v1/controls: every entry of the catalogues with its state, for one host or the fleet.
#include <algorithm>
#include <set>
#include <utility>

#include "collector/api/fleet_standing.h"
#include "collector/api/records.h"
#include "evidence/refusal.h"

namespace assay::collector::api {

namespace {

// What is answered of: where the hosts stand, and what people have said of them.
struct Fleet {
  PostureTerms terms;
  FleetStanding standing;
  std::vector<std::string> ids;
  // HostPosture::waivers of those that have some.
  std::vector<decltype(HostPosture::waivers)> waivers;
};

// What covers failing checks of the control, on whichever host.
Json waivers_of(const Fleet& fleet, const std::string& framework,
                const checks::ControlState& state) {
  std::set<const Waiver*> seen;
  std::vector<const Waiver*> waivers;
  for (const auto& its : fleet.waivers) {
    for (const auto& check : state.checks) {
      const auto found = its.find({framework, check});
      if (found == its.end()) continue;
      for (const auto* waiver : found->second)
        if (seen.insert(waiver).second) waivers.push_back(waiver);
    }
  }
  return briefs(waivers);
}

// What people answer for, on any of the hosts.
Json attestations_of(const Fleet& fleet, const std::string& framework, const std::string& control) {
  Json out = Json::array();
  const auto is_here = [&fleet](const HostScope& scope) {
    return std::ranges::any_of(fleet.ids,
                               [&scope](const std::string& id) { return scope.covers(id); });
  };
  for (const auto* attestation : fleet.terms.attestations.all(framework, control, is_here))
    out.push_back(brief(*attestation));
  return out;
}

Json deadlines_of(const checks::Control& control) {
  Json out = Json::array();
  for (const auto& deadline : control.deadlines)
    out.push_back({{"for", api::to_json(deadline.who)}, {"by", deadline.by}});
  return out;
}

Json to_json(const FleetControl& fleet_control, const checks::Framework& framework,
             const Fleet& fleet) {
  const auto& state = fleet_control.worst;
  const auto& control = *state.control;
  Json hosts = Json::object();
  for (const auto& [name, count] : fleet_control.hosts)
    hosts[std::string(checks::name_of(name))] = count;
  return {{"framework", framework.id},
          {"edition", framework.edition},
          {"id", control.id},
          {"title", api::to_json(control.title)},
          {"gist", api::to_json(control.gist)},
          {"location", api::to_json(control.location)},
          {"mode", checks::name_of(control.mode)},
          {"remains", api::to_json(control.remains)},
          {"frequency", text_or_null(control.frequency)},
          {"applies_to", api::to_json(control.applies_to)},
          {"effective", text_or_null(framework.effective_of(control))},
          {"deadlines", deadlines_of(control)},
          {"not_mapped", words_or_null(control.not_mapped)},
          {"state", checks::name_of(state.state)},
          {"automated", checks::name_of(state.automated)},
          {"attested", state.is_attested},
          {"reason", state.reason},
          {"not_addressed", words_or_null(state.not_addressed)},
          {"checks", state.checks},
          {"waivers", waivers_of(fleet, framework.id, state)},
          {"attestations", attestations_of(fleet, framework.id, control.id)},
          {"hosts", hosts}};
}

struct Wish {
  PostureScope scope;
  std::string framework;
  std::optional<checks::State> state;
};

Result<Wish> wish_in(const Service& service, const ApiRequest& request) {
  Wish wish;
  auto scope = scope_in(service, request);
  if (!scope) return fail(scope.error());
  wish.scope = std::move(*scope);
  wish.framework = request.text("framework");
  if (!wish.framework.empty() && service.content->framework(wish.framework) == nullptr)
    return refuse(Code::kNotFound, {"no framework {}", "找不到規範 {}"}, wish.framework);
  if (const auto state = request.text("state"); !state.empty()) {
    wish.state = checks::state_from(state);
    if (!wish.state) return refuse(Code::kUsage, {"state: no such result", "state：沒有這種結果"});
  }
  return wish;
}

Result<ApiResponse> list(const Service& present, const ApiRequest& request) {
  const auto then = of_then(present, request);
  if (!then) return fail(then.error());
  const Service& service = *then;
  const auto wish = wish_in(service, request);
  if (!wish) return fail(wish.error());
  auto terms = posture_terms(service, wish->scope.as_of);
  if (!terms) return fail(terms.error());
  Fleet fleet{std::move(*terms), FleetStanding(*service.content), {}, {}};
  const auto read = each_posture(service, wish->scope, fleet.terms, [&fleet](HostPosture host) {
    fleet.standing.add(host);
    fleet.ids.push_back(std::move(host.host.id));
    if (!host.waivers.empty()) fleet.waivers.push_back(std::move(host.waivers));
  });
  if (!read) return fail(read.error());
  Json items = Json::array();
  const auto& frameworks = service.content->frameworks;
  for (std::size_t i = 0; i < frameworks.size(); ++i) {
    if (!wish->framework.empty() && frameworks[i].id != wish->framework) continue;
    for (const auto& control : fleet.standing.framework(i).controls())
      if (!wish->state || control.worst.state == *wish->state)
        items.push_back(to_json(control, frameworks[i], fleet));
  }
  return json_response(page_of(std::move(items), {}));
}

}  // namespace

void add_controls(Router& router, const Service& service) {
  router.get("/api/v1/controls", {"framework", "host", "group", "state", "as-of"},
             [&service](const ApiRequest& request) { return list(service, request); });
}

}  // namespace assay::collector::api
