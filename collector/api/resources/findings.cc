// /api/v1/findings
#include "collector/api/present.h"
#include "collector/api/service.h"

namespace assay::collector::api {

namespace {

Status read_state(const ApiRequest& request, FindingFilter* filter) {
  const auto state = request.text("state");
  if (state.empty() || state == "open")
    filter->state = FindingState::kOpen;
  else if (state == "resolved")
    filter->state = FindingState::kResolved;
  else if (state != "all")
    return fail(Code::kUsage, "state: open, resolved or all");
  if (filter->as_of && !state.empty() && state != "open")
    return fail(Code::kUsage, "as-of: only the findings that were open then can be listed");
  return {};
}

Result<FindingFilter> filter_in(const Service& service, const ApiRequest& request) {
  FindingFilter filter;
  auto host = service.host_id_in(request);
  if (!host) return fail(host.error());
  filter.host_id = std::move(*host);
  filter.check_id = request.text("check");
  if (!filter.check_id.empty() && service.content->check(filter.check_id) == nullptr)
    return fail(Code::kNotFound, "no check " + filter.check_id);
  filter.framework = request.text("framework");
  if (!filter.framework.empty() && service.content->framework(filter.framework) == nullptr)
    return fail(Code::kNotFound, "no framework " + filter.framework);
  if (const auto severity = request.text("severity"); !severity.empty()) {
    filter.at_least = checks::severity_from(severity);
    if (!filter.at_least)
      return fail(Code::kUsage, "severity: critical, high, medium, low or info");
  }
  const auto as_of = Service::as_of_in(request);
  if (!as_of) return fail(as_of.error());
  filter.as_of = *as_of;
  if (auto read = read_state(request, &filter); !read) return fail(read.error());
  return filter;
}

}  // namespace

void add_findings(Router& router, const Service& service) {
  router.get("/api/v1/findings",
             {"host", "check", "framework", "state", "severity", "as-of", "limit", "cursor"},
             [&service](const ApiRequest& request) -> Result<ApiResponse> {
               const auto page = page_in(request);
               if (!page) return fail(page.error());
               const auto filter = filter_in(service, request);
               if (!filter) return fail(filter.error());
               const auto findings = service.store.findings(*filter, *page);
               if (!findings) return fail(findings.error());
               Json items = Json::array();
               for (const auto& finding : findings->items)
                 items.push_back(to_json(finding, *service.content));
               return json_response(page_of(std::move(items), findings->next));
             });
}

}  // namespace assay::collector::api
