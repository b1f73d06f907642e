// /api/v1/frameworks: where every framework stands, score and coverage side by side.
#include <algorithm>

#include "collector/api/posture.h"
#include "collector/api/present.h"
#include "evidence/refusal.h"

namespace assay::collector::api {

namespace {

Json part(std::optional<double> value) {
  return value ? Json(*value) : Json(nullptr);
}

Json to_json(const checks::Framework& framework, const std::vector<HostPosture>& hosts,
             std::size_t index) {
  const auto score = fleet_score(hosts, index);
  std::map<checks::State, std::int64_t> counts;
  std::int64_t attested = 0;
  for (const auto& control : fleet_controls(hosts, index)) {
    ++counts[control.worst.state];
    if (control.worst.is_attested) ++attested;
  }
  Json states = Json::object();
  for (const auto& [state, count] : counts) states[std::string(checks::name_of(state))] = count;
  Json its_hosts = Json::array();
  for (const auto& host : hosts)
    its_hosts.push_back({{"id", host.host.id},
                         {"name", host.host.name},
                         {"stale", host.is_stale},
                         {"score", part(host.frameworks[index].score)},
                         {"coverage", host.frameworks[index].coverage}});
  return {{"id", framework.id},
          {"edition", framework.edition},
          {"title", api::to_json(framework.title)},
          {"source", api::to_json(framework.source)},
          {"controls_in_document", framework.controls_in_document},
          {"controls_in_catalogue", framework.controls.size()},
          {"score", part(score.score)},
          {"coverage", score.coverage},
          {"stale_hosts", std::ranges::count_if(hosts, &HostPosture::is_stale)},
          {"controls", states},
          {"attested", attested},
          {"hosts", its_hosts}};
}

// Hosts that are looked at together: one, those of a group, or all.
struct Roll {
  std::string name;
  std::string host_id;  // of one host
  std::vector<HostPosture> hosts;
};

std::vector<Roll> rolls_by(std::string_view by, std::vector<HostPosture> hosts) {
  std::vector<Roll> rolls;
  if (by == "fleet") {
    rolls.push_back({"", "", std::move(hosts)});
    return rolls;
  }
  std::map<std::string, Roll> groups;
  for (auto& host : hosts) {
    if (by == "host") {
      auto& roll = rolls.emplace_back(Roll{host.host.name, host.host.id, {}});
      roll.hosts.push_back(std::move(host));
      continue;
    }
    for (const auto& group : host.groups) groups[group].hosts.push_back(host);
    if (host.groups.empty()) groups[""].hosts.push_back(host);
  }
  for (auto& [name, roll] : groups) rolls.push_back({name, "", std::move(roll.hosts)});
  return rolls;
}

Json to_json(const checks::Framework& framework, std::size_t index, const Roll& roll,
             std::string_view by) {
  Json whole = to_json(framework, roll.hosts, index);
  return {{"by", by},
          {"name", roll.name.empty() ? Json(nullptr) : Json(roll.name)},
          {"host_id", roll.host_id.empty() ? Json(nullptr) : Json(roll.host_id)},
          {"framework", framework.id},
          {"edition", framework.edition},
          {"title", api::to_json(framework.title)},
          {"hosts", roll.hosts.size()},
          {"stale_hosts", whole["stale_hosts"]},
          {"score", whole["score"]},
          {"coverage", whole["coverage"]},
          {"controls", whole["controls"]}};
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
  auto all = postures(service, *scope);
  if (!all) return fail(all.error());
  Json items = Json::array();
  const auto& frameworks = service.content->frameworks;
  for (const auto& roll : rolls_by(by, std::move(all->hosts)))
    for (std::size_t i = 0; i < frameworks.size(); ++i)
      if (wanted.empty() || frameworks[i].id == wanted)
        items.push_back(to_json(frameworks[i], i, roll, by));
  return json_response(page_of(std::move(items), {}));
}

Result<ApiResponse> list(const Service& present, const ApiRequest& request) {
  const auto then = of_then(present, request);
  if (!then) return fail(then.error());
  const Service& service = *then;
  const auto scope = scope_in(service, request);
  if (!scope) return fail(scope.error());
  const auto all = postures(service, *scope);
  if (!all) return fail(all.error());
  Json items = Json::array();
  const auto& frameworks = service.content->frameworks;
  for (std::size_t i = 0; i < frameworks.size(); ++i)
    items.push_back(to_json(frameworks[i], all->hosts, i));
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
