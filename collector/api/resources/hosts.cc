// /api/v1/hosts, /api/v1/hosts/{id or name} and /api/v1/hosts/{id or name}/scan
#include "collector/api/past_host.h"
#include "collector/api/records.h"
#include "evidence/refusal.h"

namespace assay::collector::api {

namespace {

struct Counts {
  std::map<checks::Severity, std::int64_t> open;
  std::int64_t waived = 0;
};

// Those that were open then, one by one.
Result<Counts> counts_at(const Service& service, const Host& host, const WaiversInForce& waivers,
                         std::optional<evidence::Seconds> when) {
  Counts counts;
  FindingFilter filter;
  filter.host_id = host.id;
  filter.state = FindingState::kOpen;
  filter.as_of = when;
  auto read =
      for_each([&](const PageRequest& page) { return service.store.findings(filter, page); },
               [&](const Finding& finding) -> Status {
                 if (waivers.of_finding(finding).is_whole)
                   ++counts.waived;
                 else
                   ++counts.open[finding.severity];
                 return {};
               });
  if (!read) return fail(read.error());
  return counts;
}

Result<Counts> counts_of(const Service& service, const Host& host, const WaiversInForce& waivers,
                         std::optional<evidence::Seconds> when) {
  if (when || waivers.may_cover(host.id)) return counts_at(service, host, waivers, when);
  auto open = service.store.open_findings(host.id);
  if (!open) return fail(open.error());
  return Counts{std::move(*open), 0};
}

struct Judged {
  std::optional<evidence::Seconds> scanned_at;
  std::optional<evidence::Seconds> evaluated_at;  // not kept of the past
};

Result<Judged> judged_now(const Service& service, const Host& host) {
  const auto mark = service.store.mark(host.id);
  if (!mark) return fail(mark.error());
  if (mark->revision == 0) return Judged{};
  return Judged{mark->scanned_at, mark->evaluated_at};
}

Result<Json> with_posture(const Service& service, const Host& host, const WaiversInForce& waivers,
                          const Judged& times, std::optional<evidence::Seconds> when) {
  const auto counted = counts_of(service, host, waivers, when);
  if (!counted) return fail(counted.error());
  const auto& open = counted->open;
  Json out = to_json(host);
  Json counts = Json::object();
  for (const auto severity :
       {checks::Severity::kCritical, checks::Severity::kHigh, checks::Severity::kMedium,
        checks::Severity::kLow, checks::Severity::kInfo})
    counts[std::string(name_of(severity))] = open.contains(severity) ? open.at(severity) : 0;
  out["open_findings"] = std::move(counts);
  out["waived_findings"] = counted->waived;
  out["scanned_at"] = to_json(times.scanned_at);
  out["evaluated_at"] = to_json(times.evaluated_at);
  return out;
}

// One by one, as they were then; those that were not enrolled yet are left out.
Result<Json> present(const Service& service, std::vector<Host> hosts,
                     std::optional<evidence::Seconds> when) {
  const auto waivers = waivers_in_force(service, when);
  if (!waivers) return fail(waivers.error());
  Json items = Json::array();
  for (auto& host : hosts) {
    Judged times;
    if (when) {
      auto then = host_at(service, std::move(host), *when);
      if (!then) return fail(then.error());
      if (!*then) continue;
      host = std::move((*then)->host);
      times.scanned_at = (*then)->scanned_at;
    } else {
      const auto now = judged_now(service, host);
      if (!now) return fail(now.error());
      times = *now;
    }
    auto item = with_posture(service, host, *waivers, times, when);
    if (!item) return fail(item.error());
    items.push_back(std::move(*item));
  }
  return items;
}

Result<ApiResponse> list(const Service& service, const ApiRequest& request) {
  const auto page = page_in(request);
  if (!page) return fail(page.error());
  const auto when = Service::as_of_in(request);
  if (!when) return fail(when.error());
  auto hosts = service.store.hosts(request.text("q"), *page);
  if (!hosts) return fail(hosts.error());
  auto items = present(service, std::move(hosts->items), *when);
  if (!items) return fail(items.error());
  return json_response(page_of(std::move(*items), hosts->next));
}

Result<ApiResponse> show(const Service& service, const ApiRequest& request) {
  const auto when = Service::as_of_in(request);
  if (!when) return fail(when.error());
  const auto host = service.find_host(request.parameter);
  if (!host) return fail(host.error());
  const auto items = present(service, {*host}, *when);
  if (!items) return fail(items.error());
  if (items->empty())
    return refuse(Code::kNotFound, {"{} was not enrolled at that time", "{} 當時尚未註冊"},
                  host->name);
  return json_response(items->front());
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
  router.get("/api/v1/hosts", {"q", "as-of", "limit", "cursor"},
             [&service](const ApiRequest& request) { return list(service, request); });
  router.get("/api/v1/hosts/*", {"as-of"},
             [&service](const ApiRequest& request) { return show(service, request); });
  router.post("/api/v1/hosts/*/scan", Role::kOperator,
              [&service](const ApiRequest& request) { return scan(service, request); });
}

}  // namespace assay::collector::api
