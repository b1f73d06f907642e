// /api/v1/frameworks: where every framework stands, score and coverage side by side.
#include "collector/api/posture.h"
#include "collector/api/present.h"

namespace assay::collector::api {

namespace {

Json part(std::optional<double> value) {
  return value ? Json(*value) : Json(nullptr);
}

Json to_json(const checks::Framework& framework, const std::vector<HostPosture>& hosts,
             std::size_t index) {
  const auto score = fleet_score(hosts, index);
  std::map<checks::State, std::int64_t> counts;
  for (const auto& control : fleet_controls(hosts, index)) ++counts[control.worst.state];
  Json states = Json::object();
  for (const auto& [state, count] : counts) states[std::string(checks::name_of(state))] = count;
  Json its_hosts = Json::array();
  for (const auto& host : hosts)
    its_hosts.push_back({{"id", host.host.id},
                         {"name", host.host.name},
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
          {"controls", states},
          {"hosts", its_hosts}};
}

}  // namespace

void add_frameworks(Router& router, const Service& service) {
  router.get("/api/v1/frameworks", {"host", "as-of"},
             [&service](const ApiRequest& request) -> Result<ApiResponse> {
               const auto host = service.host_id_in(request);
               if (!host) return fail(host.error());
               const auto as_of = Service::as_of_in(request);
               if (!as_of) return fail(as_of.error());
               const auto hosts = postures(service, *host, *as_of);
               if (!hosts) return fail(hosts.error());
               Json items = Json::array();
               const auto& frameworks = service.content->frameworks;
               for (std::size_t i = 0; i < frameworks.size(); ++i)
                 items.push_back(to_json(frameworks[i], *hosts, i));
               return json_response(page_of(std::move(items), {}));
             });
}

}  // namespace assay::collector::api
