// /api/v1/explain: why a verdict is what it is, from the clause down to the row. For a finding
// (?finding=) or for what a check says of a host (?host=&check=), be it a pass.
#include "collector/api/addressee.h"
#include "collector/api/posture.h"
#include "collector/api/records.h"
#include "collector/api/register_json.h"
#include "collector/evaluation/recorded_tables.h"
#include "collector/records/register_tables.h"
#include "evidence/refusal.h"

namespace assay::collector::api {

namespace {

Json parameters_of(const Service& service, const checks::Verdict& verdict,
                   const std::string& profile) {
  Json out = Json::array();
  for (const auto& [name, value] : verdict.parameters()) {
    Json sources = Json::array();
    const auto add_source = [&](const checks::Framework* framework) {
      const auto in_force = service.content->parameter(framework, profile, name);
      sources.push_back({{"framework", framework == nullptr ? Json(nullptr) : Json(framework->id)},
                         {"source", to_json(in_force.source)}});
    };
    for (const auto& id : verdict.frameworks())
      if (const auto* framework = service.content->framework(id)) add_source(framework);
    if (verdict.frameworks().empty()) add_source(nullptr);
    const auto& specs = service.content->parameters;
    const auto spec = std::ranges::find(specs, name, &checks::ParameterSpec::name);
    out.push_back({{"name", name},
                   {"value", to_json(value)},
                   {"meaning", spec == specs.end() ? Json(nullptr) : to_json(spec->meaning)},
                   {"sources", sources}});
  }
  return out;
}

// One part of a verdict: all of it, unless waivers cover it for some frameworks only.
Json verdict_json(const Service& service, const VerdictInterval& interval,
                  const WaiversInForce::Part& part, const Json& rows, const checks::Check& check,
                  const Host& host) {
  return {{"state", checks::name_of(part.verdict.result->state)},
          {"reason", interval.reason},
          {"since", to_json(interval.since)},
          {"frameworks", part.verdict.frameworks()},
          {"waivers", briefs(part.waivers)},
          {"parameters", parameters_of(service, part.verdict, host.profile)},
          {"row_count", rows.value("row_count", Json(0))},
          {"rows", rows.value("rows", Json::array())},
          {"facts", rows.value("facts", Json::array())},
          {"key", interval.key.hex()},
          {"rule_has_changed", interval.check_digest != check.digest}};
}

Result<Json> verdicts_of(const Service& service, const checks::Check& check, const Host& host,
                         const WaiversInForce& waivers, std::optional<evidence::Seconds> as_of) {
  VerdictFilter filter;
  filter.host_id = host.id;
  filter.check_id = check.id;
  filter.as_of = as_of;
  Json out = Json::array();
  auto read =
      for_each([&](const PageRequest& page) { return service.store.verdicts(filter, page); },
               [&](const VerdictInterval& interval) -> Status {
                 const auto verdict = verdict_of(interval, *service.content);
                 if (!verdict) return {};
                 const auto result = service.store.result(interval.key);
                 if (!result && result.error().code() != Code::kNotFound)
                   return fail(result.error());
                 const Json rows = result ? parsed(*result) : Json::object();
                 const auto parts =
                     with_waivers(service, waivers, interval.host_id, interval, *verdict, as_of);
                 if (!parts) return fail(parts.error());
                 for (const auto& part : *parts)
                   out.push_back(verdict_json(service, interval, part, rows, check, host));
                 return {};
               });
  if (!read) return fail(read.error());
  return out;
}

// Clauses with what people have attested of them for the host.
Result<Json> controls_of(const Service& service, const checks::Check& check, const Host& host,
                         const AttestationsInForce& attestations,
                         std::optional<evidence::Seconds> as_of) {
  const auto entry = service.store.register_entry(host.id, as_of);
  if (!entry) return fail(entry.error());
  const auto addressee = addressee_of(service, host, *entry);
  Json out = Json::array();
  for (const auto& mapping : check.mappings) {
    const auto* framework = service.content->framework(mapping.framework);
    const auto* control = framework == nullptr ? nullptr : framework->find(mapping.control);
    if (control == nullptr) continue;
    const auto* attestation = attestations.find(framework->id, control->id, host.id);
    out.push_back(
        {{"framework", framework->id},
         {"edition", framework->edition},
         {"framework_title", to_json(framework->title)},
         {"id", control->id},
         {"title", to_json(control->title)},
         {"gist", to_json(control->gist)},
         {"location", to_json(control->location)},
         {"frequency", text_or_null(control->frequency)},
         {"applies_to", to_json(control->applies_to)},
         {"not_addressed", words_or_null(checks::why_not_for(control->applies_to, addressee))},
         {"effective", text_or_null(framework->effective_of(*control))},
         {"proves", checks::name_of(mapping.proves)},
         {"not_proven", to_json(mapping.not_proven)},
         {"attestation", attestation == nullptr ? Json(nullptr) : brief(*attestation)}});
  }
  return out;
}

// What the register said of the host, where the check reads it: null where it does not.
Result<Json> recorded_for(const Service& service, const checks::Check& check, const Host& host,
                          std::optional<evidence::Seconds> as_of) {
  Json tables = Json::array();
  auto entry = service.store.register_entry(host.id, as_of);
  if (!entry) return fail(entry.error());
  for (const auto& name : check.tables)
    if (const auto digest = register_digest(entry->tables(), name)) {
      const auto rows = name == kRegisterTable ? register_table(*entry) : groups_table(*entry);
      tables.push_back({{"name", name}, {"digest", digest->hex()}, {"rows", rows.rows().size()}});
    }
  if (tables.empty()) return Json(nullptr);
  Json out = to_json(*entry, host);
  out["tables"] = std::move(tables);
  return out;
}

// The tables that the verdict rests on, in the snapshot that was in force.
Result<Json> evidence_of(const Service& service, const checks::Check& check, const Host& host,
                         std::optional<evidence::Seconds> as_of) {
  const auto snapshot = service.store.snapshot_at(host.id, as_of.value_or(service.now()));
  if (!snapshot && snapshot.error().code() == Code::kNotFound) return Json(nullptr);
  if (!snapshot) return fail(snapshot.error());
  const auto manifest = read_manifest(service.store, *snapshot);
  if (!manifest) return fail(manifest.error());
  Json tables = Json::array();
  const Json json = to_json(manifest->manifest);
  for (const auto& table : json["tables"])
    if (std::ranges::find(check.tables, table["name"].get<std::string>()) != check.tables.end())
      tables.push_back(table);
  auto recorded = recorded_for(service, check, host, as_of);
  if (!recorded) return fail(recorded.error());
  return Json{{"snapshot", snapshot->digest.hex()},
              {"sequence", snapshot->sequence},
              {"ended", to_json(snapshot->ended)},
              {"tables", tables},
              {"register", std::move(*recorded)}};
}

struct Subject {
  Host host;
  std::string check_id;
  std::optional<Finding> finding;
};

Result<Subject> subject_in(const Service& service, const ApiRequest& request) {
  const bool has_finding = !request.text("finding").empty();
  const bool has_both = !request.text("host").empty() && !request.text("check").empty();
  if (has_finding == has_both)
    return refuse(Code::kUsage, {"name either a finding, or a host and a check",
                                 "請指定一項發現事項，或同時指定主機與檢查"});
  Subject subject;
  std::string host_name(request.text("host"));
  subject.check_id = request.text("check");
  if (has_finding) {
    auto finding = service.find_finding(request.text("finding"));
    if (!finding) return fail(finding.error());
    host_name = finding->host_id;
    subject.check_id = finding->check_id;
    subject.finding = std::move(*finding);
  }
  auto host = service.find_host(host_name);
  if (!host) return fail(host.error());
  subject.host = std::move(*host);
  return subject;
}

Result<ApiResponse> explain(const Service& service, const ApiRequest& request) {
  const auto subject = subject_in(service, request);
  if (!subject) return fail(subject.error());
  const auto as_of = Service::as_of_in(request);
  if (!as_of) return fail(as_of.error());
  const auto* check = service.content->check(subject->check_id);
  if (check == nullptr)
    return refuse(Code::kNotFound, {"no check {}", "找不到檢查 {}"}, subject->check_id);
  const auto waivers = waivers_in_force(service, *as_of);
  if (!waivers) return fail(waivers.error());
  const auto attestations = attestations_in_force(service, *as_of);
  if (!attestations) return fail(attestations.error());
  const auto verdicts = verdicts_of(service, *check, subject->host, *waivers, *as_of);
  if (!verdicts) return fail(verdicts.error());
  const auto evidence = evidence_of(service, *check, subject->host, *as_of);
  if (!evidence) return fail(evidence.error());
  const auto controls = controls_of(service, *check, subject->host, *attestations, *as_of);
  if (!controls) return fail(controls.error());
  const auto finding = [&]() -> Json {
    if (!subject->finding) return nullptr;
    return to_json(*subject->finding, *service.content, waivers->of_finding(*subject->finding));
  };
  return json_response({{"host", to_json(subject->host)},
                        {"check", to_json(*check, *service.content)},
                        {"finding", finding()},
                        {"verdicts", *verdicts},
                        {"controls", *controls},
                        {"evidence", *evidence}});
}

}  // namespace

void add_explain(Router& router, const Service& service) {
  router.get("/api/v1/explain", {"finding", "host", "check", "as-of"},
             [&service](const ApiRequest& request) { return explain(service, request); });
}

}  // namespace assay::collector::api
