// /api/v1/hosts, /api/v1/hosts/{id or name} and /api/v1/hosts/{id or name}/scan
#include "collector/api/records.h"
#include "evidence/refusal.h"

namespace assay::collector::api {

namespace {

struct Counts {
  std::map<checks::Severity, std::int64_t> open;
  std::int64_t waived = 0;
};

Result<Counts> counts_of(const Service& service, const Host& host, const WaiversInForce& waivers) {
  auto open = service.store.open_findings(host.id);
  if (!open) return fail(open.error());
  Counts counts{std::move(*open), 0};
  if (!waivers.may_cover(host.id)) return counts;
  FindingFilter filter;
  filter.host_id = host.id;
  filter.state = FindingState::kOpen;
  auto read =
      for_each([&](const PageRequest& page) { return service.store.findings(filter, page); },
               [&](const Finding& finding) -> Status {
                 if (!waivers.of_finding(finding).is_whole) return {};
                 ++counts.waived;
                 --counts.open[finding.severity];
                 return {};
               });
  if (!read) return fail(read.error());
  return counts;
}

Result<Json> with_posture(const Service& service, const Host& host, const WaiversInForce& waivers) {
  const auto counted = counts_of(service, host, waivers);
  if (!counted) return fail(counted.error());
  const auto& open = counted->open;
  auto mark = service.store.mark(host.id);
  if (!mark) return fail(mark.error());
  Json out = to_json(host);
  Json counts = Json::object();
  for (const auto severity :
       {checks::Severity::kCritical, checks::Severity::kHigh, checks::Severity::kMedium,
        checks::Severity::kLow, checks::Severity::kInfo})
    counts[std::string(name_of(severity))] = open.contains(severity) ? open.at(severity) : 0;
  out["open_findings"] = std::move(counts);
  out["waived_findings"] = counted->waived;
  out["scanned_at"] = mark->revision == 0 ? Json(nullptr) : to_json(mark->scanned_at);
  out["evaluated_at"] = mark->revision == 0 ? Json(nullptr) : to_json(mark->evaluated_at);
  return out;
}

Result<ApiResponse> scan(const Service& service, const ApiRequest& request) {
  const auto host = service.find_host(request.parameter);
  if (!host) return fail(host.error());
  if (host->state == HostState::kRevoked)
    return refuse(Code::kConflict,
                  {"{} is revoked; its agent is not let in", "{} 已撤銷，其代理程式不得連入"},
                  host->name);
  if (!service.scan_now || !service.scan_now(host->id))
    return refuse(Code::kConflict,
                  {"{} is not attached: its agent does not run, or cannot reach the collector; "
                   "nobody was asked",
                   "{} 未連線：代理程式未執行，或無法連到收集伺服器；未要求任何主機掃描"},
                  host->name);
  auto response = json_response(
      {{"host", {{"id", host->id}, {"name", host->name}}}, {"asked_at", to_json(service.now())}});
  response.status = 202;
  response.subject = host->id;
  return response;
}

}  // namespace

void add_hosts(Router& router, const Service& service) {
  router.get("/api/v1/hosts", {"q", "limit", "cursor"},
             [&service](const ApiRequest& request) -> Result<ApiResponse> {
               const auto page = page_in(request);
               if (!page) return fail(page.error());
               const auto hosts = service.store.hosts(request.text("q"), *page);
               if (!hosts) return fail(hosts.error());
               const auto waivers = waivers_in_force(service, std::nullopt);
               if (!waivers) return fail(waivers.error());
               Json items = Json::array();
               for (const auto& host : hosts->items) {
                 auto item = with_posture(service, host, *waivers);
                 if (!item) return fail(item.error());
                 items.push_back(std::move(*item));
               }
               return json_response(page_of(std::move(items), hosts->next));
             });
  router.get("/api/v1/hosts/*", {}, [&service](const ApiRequest& request) -> Result<ApiResponse> {
    const auto host = service.find_host(request.parameter);
    if (!host) return fail(host.error());
    const auto waivers = waivers_in_force(service, std::nullopt);
    if (!waivers) return fail(waivers.error());
    const auto json = with_posture(service, *host, *waivers);
    if (!json) return fail(json.error());
    return json_response(*json);
  });
  router.post("/api/v1/hosts/*/scan", Role::kOperator,
              [&service](const ApiRequest& request) { return scan(service, request); });
}

}  // namespace assay::collector::api
