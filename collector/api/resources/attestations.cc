// /api/v1/attestations: what people answer for, with the files that show it.
#include "collector/api/json_body.h"
#include "collector/api/records.h"
#include "evidence/refusal.h"

namespace assay::collector::api {

namespace {

Result<ApiResponse> answer(const Service& service, const Result<Attestation>& attestation,
                           int status) {
  if (!attestation) return fail(attestation.error());
  HostNames hosts(service);
  auto json = to_json(*attestation, service, &hosts, service.now());
  if (!json) return fail(json.error());
  auto response = json_response(*json);
  response.status = status;
  response.subject = attestation->id + " " + attestation->framework + ":" + attestation->control +
                     " until " + attestation->until;
  return response;
}

// What is attested must be there, and be a person's to answer for.
Status read_control(const Service& service, const Json& body, Attestation* attestation) {
  auto framework_id = text_in(body, "framework");
  if (!framework_id) return fail(framework_id.error());
  auto control_id = text_in(body, "control");
  if (!control_id) return fail(control_id.error());
  if (framework_id->empty())
    return refuse(Code::kUsage, {"framework: is missing", "framework：未填寫"});
  if (control_id->empty()) return refuse(Code::kUsage, {"control: is missing", "control：未填寫"});
  const auto* framework = service.content->framework(*framework_id);
  if (framework == nullptr)
    return refuse(Code::kNotFound, {"no framework {}", "找不到規範 {}"}, *framework_id);
  const auto* control = framework->find(*control_id);
  if (control == nullptr)
    return refuse(Code::kNotFound, {"{} has no control {}", "規範 {} 沒有控制項 {}"}, *framework_id,
                  *control_id);
  if (control->mode == checks::Control::Mode::kAutomated)
    return refuse(Code::kUsage,
                  {"control: {}:{} is decided by checks alone; what fails can be waived",
                   "control：{}:{} 完全由檢查判定，不採人員聲明；不符合之處可申請例外"},
                  *framework_id, *control_id);
  attestation->framework = std::move(*framework_id);
  attestation->edition = framework->edition;
  attestation->control = std::move(*control_id);
  return {};
}

Result<ApiResponse> record(const Service& service, const ApiRequest& request) {
  const auto body = body_in(
      request, {"framework", "control", "hosts", "groups", "statement", "owner", "date", "until"});
  if (!body) return fail(body.error());
  Attestation attestation;
  if (auto read = read_control(service, *body, &attestation); !read) return fail(read.error());
  for (const auto& [name, into] :
       {std::pair{"statement", &attestation.statement}, std::pair{"owner", &attestation.owner},
        std::pair{"date", &attestation.attested_on}, std::pair{"until", &attestation.until}}) {
    auto text = text_in(*body, name);
    if (!text) return fail(text.error());
    *into = std::move(*text);
  }
  auto hosts = hosts_in(service, *body, kMaxRecordHosts);
  if (!hosts) return fail(hosts.error());
  attestation.hosts = std::move(*hosts);
  auto groups = groups_in(service, *body, kMaxRecordGroups);
  if (!groups) return fail(groups.error());
  attestation.groups = std::move(*groups);
  attestation.recorder = actor_of(request.person);
  attestation.recorded_at = service.now();
  if (attestation.attested_on.empty())
    attestation.attested_on = evidence::to_date(attestation.recorded_at);
  return answer(service, service.store.add_attestation(attestation), 201);
}

Result<ApiResponse> withdraw(const Service& service, const ApiRequest& request) {
  const auto body = body_in(request, {"note"});
  if (!body) return fail(body.error());
  const auto note = text_in(*body, "note");
  if (!note) return fail(note.error());
  return answer(service,
                service.store.withdraw_attestation(request.path.at(3), actor_of(request.person),
                                                   *note, service.now()),
                200);
}

Result<AttestationFilter> filter_in(const Service& service, const ApiRequest& request) {
  AttestationFilter filter;
  if (auto read = read_place_and_time(service, request, &filter); !read) return fail(read.error());
  filter.framework = request.text("framework");
  filter.control = request.text("control");
  if (const auto state = request.text("state"); !state.empty() && state != "all") {
    filter.state = attestation_state_from(state);
    if (!filter.state)
      return refuse(Code::kUsage, {"state: in_force, withdrawn, superseded, ended or all",
                                   "state：只能是 in_force、withdrawn、superseded、ended 或 all"});
  }
  if (auto read = read_expiring(request, AttestationState::kInForce,
                                {"expiring: only attestations in force are going to expire",
                                 "expiring：只有有效的聲明才會屆期"},
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
  return list_of(service, service.store.attestations(*filter, *page), filter->when);
}

Result<ApiResponse> show(const Service& present, const ApiRequest& request) {
  const auto then = of_then(present, request);
  if (!then) return fail(then.error());
  const Service& service = *then;
  const auto as_of = Service::as_of_in(request);
  if (!as_of) return fail(as_of.error());
  const auto when = as_of->value_or(service.now());
  const auto attestation = service.store.attestation(request.parameter);
  if (!attestation) return fail(attestation.error());
  if (attestation->recorded_at > when)
    return refuse(Code::kNotFound, {"no attestation {} at that time", "當時沒有聲明 {}"},
                  attestation->id);
  HostNames hosts(service);
  const auto json = to_json(*attestation, service, &hosts, when);
  if (!json) return fail(json.error());
  return json_response(*json);
}

Result<ApiResponse> attach(const Service& service, const ApiRequest& request) {
  return answer(service,
                service.store.attach(request.path.at(3), request.path.at(5), request.body,
                                     actor_of(request.person), service.now()),
                201);
}

// As nobody's browser opens it: a file to be saved.
Result<ApiResponse> file(const Service& service, const ApiRequest& request) {
  const auto attestation = service.store.attestation(request.path.at(3));
  if (!attestation) return fail(attestation.error());
  const auto& name = request.path.at(5);
  const auto found = std::ranges::find(attestation->files, name, &AttestedFile::name);
  if (found == attestation->files.end())
    return refuse(Code::kNotFound, {"{} has no file {}", "{} 沒有附件 {}"}, attestation->id, name);
  auto content = service.store.file(found->digest);
  if (!content) return fail(content.error());
  ApiResponse response;
  response.content_type = "application/octet-stream";
  response.headers.emplace_back("Content-Disposition", "attachment");
  response.headers.emplace_back("X-Assay-SHA256", found->digest.hex());
  response.body = std::move(*content);
  return response;
}

}  // namespace

void add_attestations(Router& router, const Service& service) {
  router.get("/api/v1/attestations",
             {"framework", "control", "host", "state", "expiring", "as-of", "limit", "cursor"},
             [&service](const ApiRequest& request) { return list(service, request); });
  router.get("/api/v1/attestations/*", {"as-of"},
             [&service](const ApiRequest& request) { return show(service, request); });
  router.post_with_body(
      "/api/v1/attestations", Role::kOperator,
      [&service](const ApiRequest& request) { return record(service, request); },
      kMaxScopedBodyBytes);
  router.post_with_body(
      "/api/v1/attestations/*/withdraw", Role::kOperator,
      [&service](const ApiRequest& request) { return withdraw(service, request); });
  router.put("/api/v1/attestations/*/files/*", Role::kOperator, kMaxAttestedFileBytes,
             [&service](const ApiRequest& request) { return attach(service, request); });
  router.get("/api/v1/attestations/*/files/*", {},
             [&service](const ApiRequest& request) { return file(service, request); });
}

}  // namespace assay::collector::api
