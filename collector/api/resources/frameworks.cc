// /api/v1/frameworks: where every framework stands, score and coverage side by side.
#include <algorithm>
#include <map>

#include "collector/api/fleet_standing.h"
#include "collector/api/present.h"
#include "evidence/refusal.h"

namespace assay::collector::api {

namespace {

Json part(std::optional<double> value) {
  return value ? Json(*value) : Json(nullptr);
}

Json states_of(const FrameworkStanding& standing) {
  std::map<checks::State, std::int64_t> counts;
  for (const auto& control : standing.controls()) ++counts[control.worst.state];
  Json states = Json::object();
  for (const auto& [state, count] : counts) states[std::string(checks::name_of(state))] = count;
  return states;
}

// Of one framework, its place beside the others.
Json brief(const HostPosture& host, std::size_t framework) {
  return {{"id", host.host.id},
          {"name", host.host.name},
          {"stale", host.is_stale},
          {"score", part(host.frameworks[framework].score)},
          {"coverage", host.frameworks[framework].coverage}};
}

Json to_json(const checks::Framework& framework, const FleetStanding& fleet, std::size_t index,
             Json hosts) {
  const auto& standing = fleet.framework(index);
  const auto score = standing.score();
  const auto attested = std::ranges::count_if(
      standing.controls(), [](const FleetControl& control) { return control.worst.is_attested; });
  return {{"id", framework.id},
          {"edition", framework.edition},
          {"title", api::to_json(framework.title)},
          {"source", api::to_json(framework.source)},
          {"controls_in_document", framework.controls_in_document},
          {"controls_in_catalogue", framework.controls.size()},
          {"score", part(score.score)},
          {"coverage", score.coverage},
          {"stale_hosts", fleet.stale_hosts()},
          {"controls", states_of(standing)},
          {"attested", attested},
          {"hosts", std::move(hosts)}};
}

// Hosts that are looked at together: one, those of a group, or all.
struct Roll {
  std::string_view by;
  std::string name;
  std::string host_id;  // of one host
  FleetStanding standing;
};

// For each of the frameworks, or the one that is wanted.
void add(const Roll& roll, const checks::Content& content, std::string_view wanted, Json* items) {
  for (std::size_t i = 0; i < content.frameworks.size(); ++i) {
    const auto& framework = content.frameworks[i];
    if (!wanted.empty() && framework.id != wanted) continue;
    const auto score = roll.standing.framework(i).score();
    items->push_back({{"by", roll.by},
                      {"name", roll.name.empty() ? Json(nullptr) : Json(roll.name)},
                      {"host_id", roll.host_id.empty() ? Json(nullptr) : Json(roll.host_id)},
                      {"framework", framework.id},
                      {"edition", framework.edition},
                      {"title", api::to_json(framework.title)},
                      {"hosts", roll.standing.hosts()},
                      {"stale_hosts", roll.standing.stale_hosts()},
                      {"score", part(score.score)},
                      {"coverage", score.coverage},
                      {"controls", states_of(roll.standing.framework(i))}});
  }
}

// /api/v1/posture: the same, for each host, each group, or the fleet.
Result<ApiResponse> posture(const Service& present, const ApiRequest& request) {
  const auto then = of_then(present, request);
  if (!then) return fail(then.error());
  const Service& service = *then;
  const auto by = request.text("by").empty() ? std::string_view("fleet") : request.text("by");
  if (by != "fleet" && by != "group" && by != "host")
    return refuse(Code::kUsage, {"by: fleet, group or host", "by：只能是 fleet、group 或 host"});
  const auto wanted = request.text("framework");
  if (!wanted.empty() && service.content->framework(wanted) == nullptr)
    return refuse(Code::kNotFound, {"no framework {}", "找不到規範 {}"}, wanted);
  const auto scope = scope_in(service, request);
  if (!scope) return fail(scope.error());
  const auto terms = posture_terms(service, scope->as_of);
  if (!terms) return fail(terms.error());
  const auto& content = *service.content;
  Json items = Json::array();
  std::map<std::string, FleetStanding> groups;
  if (by == "fleet") groups.try_emplace("", content);
  const auto read = each_posture(service, *scope, *terms, [&](const HostPosture& host) {
    if (by == "host") {
      Roll one{by, host.host.name, host.host.id, FleetStanding(content)};
      one.standing.add(host);
      add(one, content, wanted, &items);
    } else if (by == "fleet" || host.groups.empty()) {
      groups.try_emplace("", content).first->second.add(host);
    } else {
      for (const auto& group : host.groups)
        groups.try_emplace(group, content).first->second.add(host);
    }
  });
  if (!read) return fail(read.error());
  for (auto& [name, standing] : groups)
    add({by, name, "", std::move(standing)}, content, wanted, &items);
  return json_response(page_of(std::move(items), {}));
}

Result<ApiResponse> list(const Service& present, const ApiRequest& request) {
  const auto then = of_then(present, request);
  if (!then) return fail(then.error());
  const Service& service = *then;
  const auto scope = scope_in(service, request);
  if (!scope) return fail(scope.error());
  const auto terms = posture_terms(service, scope->as_of);
  if (!terms) return fail(terms.error());
  const auto& frameworks = service.content->frameworks;
  FleetStanding fleet(*service.content);
  std::vector<Json> hosts(frameworks.size(), Json::array());
  const auto read = each_posture(service, *scope, *terms, [&](const HostPosture& host) {
    fleet.add(host);
    for (std::size_t i = 0; i < frameworks.size(); ++i) hosts[i].push_back(brief(host, i));
  });
  if (!read) return fail(read.error());
  Json items = Json::array();
  for (std::size_t i = 0; i < frameworks.size(); ++i)
    items.push_back(to_json(frameworks[i], fleet, i, std::move(hosts[i])));
  return json_response(page_of(std::move(items), {}));
}

}  // namespace

void add_frameworks(Router& router, const Service& service) {
  router.get("/api/v1/frameworks", {"host", "group", "as-of"},
             [&service](const ApiRequest& request) { return list(service, request); });
  router.get("/api/v1/posture", {"by", "framework", "host", "group", "as-of"},
             [&service](const ApiRequest& request) { return posture(service, request); });
}

}  // namespace assay::collector::api
