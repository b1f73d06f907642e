// /api/v1/waivers: who asked that what be put up with, who agreed, until when.
#include "collector/api/json_body.h"
#include "collector/api/records.h"
#include "evidence/refusal.h"

namespace assay::collector::api {

namespace {

constexpr std::string_view kForEver = "9999-12-31";

// What a request names must be there: a waiver that never matches anything would be a trap.
Status read_scope(const Service& service, const Json& body, WaiverScope* scope) {
  const auto finding = text_in(body, "finding");
  if (!finding) return fail(finding.error());
  auto check = text_in(body, "check");
  if (!check) return fail(check.error());
  auto hosts = hosts_in(service, body, kMaxRecordHosts);
  if (!hosts) return fail(hosts.error());
  auto groups = groups_in(service, body, kMaxRecordGroups);
  if (!groups) return fail(groups.error());
  scope->check_id = std::move(*check);
  scope->hosts = std::move(*hosts);
  scope->groups = std::move(*groups);
  if (finding->empty() == scope->check_id.empty())
    return refuse(Code::kUsage,
                  {"name either a check or a finding", "請在檢查與發現事項之中指定一種"});
  if (!finding->empty()) {
    const auto found = service.find_finding(*finding);
    if (!found) return fail(found.error());
    if (!scope->hosts.empty() && scope->hosts != std::vector{found->host_id})
      return refuse(Code::kUsage,
                    {"hosts: the finding is of another host", "hosts：這項發現事項屬於另一部主機"});
    if (!scope->groups.empty())
      return refuse(Code::kUsage, {"groups: a finding is of one host",
                                   "groups：一項發現事項只屬於一部主機，不能指定群組"});
    *scope = {found->check_id, found->id, {found->host_id}, {}, {}};
  }
  const auto* rule = service.content->check(scope->check_id);
  if (rule == nullptr)
    return refuse(Code::kNotFound, {"no check {}", "找不到檢查 {}"}, scope->check_id);
  auto frameworks = texts_in(body, "frameworks", kMaxWaiverFrameworks);
  if (!frameworks) return fail(frameworks.error());
  for (const auto& framework : *frameworks) {
    if (service.content->framework(framework) == nullptr)
      return refuse(Code::kNotFound, {"no framework {}", "找不到規範 {}"}, framework);
    if (std::ranges::find(rule->mappings, framework, &checks::Mapping::framework) ==
        rule->mappings.end())
      return refuse(Code::kUsage,
                    {"frameworks: {} does not ask for {}", "frameworks：{} 並未要求 {}"}, framework,
                    rule->id);
  }
  scope->frameworks = std::move(*frameworks);
  return {};
}

Status read_texts(const Json& body, Waiver* waiver) {
  for (const auto& [name, into] :
       {std::pair{"reason", &waiver->reason}, std::pair{"measure", &waiver->measure},
        std::pair{"until", &waiver->until}}) {
    auto text = text_in(body, name);
    if (!text) return fail(text.error());
    *into = std::move(*text);
  }
  return {};
}

Result<ApiResponse> answer(const Service& service, const Result<Waiver>& waiver, int status) {
  if (!waiver) return fail(waiver.error());
  HostNames hosts(service);
  auto json = to_json(*waiver, service, &hosts, service.now());
  if (!json) return fail(json.error());
  auto response = json_response(*json);
  response.status = status;
  response.subject = waiver->id + " " + waiver->scope.check_id + " until " + waiver->until;
  return response;
}

Result<ApiResponse> request_waiver(const Service& service, const ApiRequest& request) {
  const auto body = body_in(
      request, {"check", "finding", "hosts", "groups", "frameworks", "reason", "measure", "until"});
  if (!body) return fail(body.error());
  Waiver waiver;
  if (auto read = read_texts(*body, &waiver); !read) return fail(read.error());
  if (auto read = read_scope(service, *body, &waiver.scope); !read) return fail(read.error());
  waiver.requester = actor_of(request.person);
  waiver.requested_at = service.now();
  return answer(service, service.store.add_waiver(waiver), 201);
}

Handler act(const Service& service, WaiverAct::Kind kind) {
  return [&service, kind](const ApiRequest& request) -> Result<ApiResponse> {
    const auto body = body_in(request, {"note"});
    if (!body) return fail(body.error());
    const auto note = text_in(*body, "note");
    if (!note) return fail(note.error());
    const WaiverAct act{kind, actor_of(request.person), *note, service.now()};
    return answer(service, service.store.act_on_waiver(request.path.at(3), act), 200);
  };
}

Result<WaiverFilter> filter_in(const Service& service, const ApiRequest& request) {
  WaiverFilter filter;
  if (auto read = read_place_and_time(service, request, &filter); !read) return fail(read.error());
  filter.check_id = request.text("check");
  if (const auto state = request.text("state"); !state.empty() && state != "all") {
    filter.state = waiver_state_from(state);
    if (!filter.state)
      return refuse(Code::kUsage,
                    {"state: requested, approved, rejected, revoked, ended or all",
                     "state：只能是 requested、approved、rejected、revoked、ended 或 all"});
  }
  if (auto read = read_expiring(request, WaiverState::kApproved,
                                {"expiring: only waivers in force are going to expire",
                                 "expiring：只有有效的例外才會屆期"},
                                &filter);
      !read)
    return fail(read.error());
  return filter;
}

Result<ApiResponse> list(const Service& present, const ApiRequest& request) {
  const auto then = of_then(present, request);
  if (!then) return fail(then.error());
  const Service& service = *then;
  const auto page = page_in(request);
  if (!page) return fail(page.error());
  const auto filter = filter_in(service, request);
  if (!filter) return fail(filter.error());
  return list_of(service, service.store.waivers(*filter, *page), filter->when);
}

// How many findings, open at that moment, it covers or would cover if it were in force: what an
// approver agrees to.
Result<std::int64_t> count_findings(const Service& service, Waiver waiver, evidence::Seconds when,
                                    bool is_past) {
  waiver.until = kForEver;
  waiver.acts = {{WaiverAct::Kind::kApproved, waiver.requester, "", waiver.requested_at}};
  FindingFilter filter;
  filter.check_id = waiver.scope.check_id;
  if (waiver.scope.hosts.size() == 1 && waiver.scope.groups.empty())
    filter.host_id = waiver.scope.hosts.front();
  filter.state = FindingState::kOpen;
  if (is_past) filter.as_of = when;
  GroupMembers members;
  if (!waiver.scope.groups.empty()) {
    auto read = group_members(service, filter.as_of);
    if (!read) return fail(read.error());
    members = std::move(*read);
  }
  const WaiversInForce scope({std::move(waiver)}, when, members);
  std::int64_t count = 0;
  auto counted =
      for_each([&](const PageRequest& page) { return service.store.findings(filter, page); },
               [&](const Finding& finding) -> Status {
                 if (!scope.of_finding(finding).waivers.empty()) ++count;
                 return {};
               });
  if (!counted) return fail(counted.error());
  return count;
}

Result<ApiResponse> show(const Service& present, const ApiRequest& request) {
  const auto then = of_then(present, request);
  if (!then) return fail(then.error());
  const Service& service = *then;
  const auto as_of = Service::as_of_in(request);
  if (!as_of) return fail(as_of.error());
  const auto when = as_of->value_or(service.now());
  const auto waiver = service.store.waiver(request.parameter);
  if (!waiver) return fail(waiver.error());
  if (waiver->requested_at > when)
    return refuse(Code::kNotFound, {"no waiver {} at that time", "當時沒有例外 {}"}, waiver->id);
  HostNames hosts(service);
  auto json = to_json(*waiver, service, &hosts, when);
  if (!json) return fail(json.error());
  const auto count = count_findings(service, *waiver, when, as_of->has_value());
  if (!count) return fail(count.error());
  (*json)["findings"] = *count;
  return json_response(*json);
}

}  // namespace

void add_waivers(Router& router, const Service& service) {
  router.get("/api/v1/waivers", {"state", "check", "host", "expiring", "as-of", "limit", "cursor"},
             [&service](const ApiRequest& request) { return list(service, request); });
  router.get("/api/v1/waivers/*", {"as-of"},
             [&service](const ApiRequest& request) { return show(service, request); });
  router.post_with_body(
      "/api/v1/waivers", Role::kOperator,
      [&service](const ApiRequest& request) { return request_waiver(service, request); },
      kMaxScopedBodyBytes);
  router.post_with_body("/api/v1/waivers/*/approve", Role::kAdmin,
                        act(service, WaiverAct::Kind::kApproved));
  router.post_with_body("/api/v1/waivers/*/reject", Role::kAdmin,
                        act(service, WaiverAct::Kind::kRejected));
  // To be stricter again needs no second person.
  router.post_with_body("/api/v1/waivers/*/revoke", Role::kOperator,
                        act(service, WaiverAct::Kind::kRevoked));
}

}  // namespace assay::collector::api
