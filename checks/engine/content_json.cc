// The compiled form of Content: one JSON object. Tables stand in it in their
// canonical form, so that their digests can be checked by hand. content_from_json.cc reads it.
#include <nlohmann/json.hpp>

#include "checks/engine/content.h"
#include "checks/engine/content_format.h"
#include "evidence/canonical.h"
#include "evidence/value_json.h"

namespace assay::checks {

namespace {

using nlohmann::json;

json write(const Text& text) {
  return json::array({text.en, text.zh_tw});
}

json write(const Check& check) {
  json mappings = json::array();
  for (const auto& mapping : check.mappings)
    mappings.push_back({mapping.framework, mapping.control, static_cast<int>(mapping.proves),
                        write(mapping.not_proven)});
  return {{"id", check.id},
          {"title", write(check.title)},
          {"rationale", write(check.rationale)},
          {"remedy", write(check.remedy)},
          {"severity", static_cast<int>(check.severity)},
          {"profiles", check.profiles},
          {"applies", check.applies},
          {"query", check.query},
          {"facts", check.facts},
          {"key", check.key},
          {"mappings", mappings},
          {"origin", check.origin},
          {"tables", check.tables},
          {"applies_tables", check.applies_tables},
          {"parameters", check.parameters},
          {"derived", check.derived},
          {"digest", check.digest.hex()}};
}

json write(const Applicability& applicability) {
  return {applicability.grades,       applicability.kinds,       applicability.profiles,
          applicability.is_core_only, applicability.is_by_grade, applicability.is_advanced,
          write(applicability.basis)};
}

json write(const std::vector<Deadline>& deadlines) {
  json out = json::array();
  for (const auto& deadline : deadlines) out.push_back({write(deadline.who), deadline.by});
  return out;
}

json write(const Control& control) {
  return {control.id,
          write(control.title),
          write(control.gist),
          static_cast<int>(control.mode),
          write(control.remains),
          control.frequency,
          write(control.location),
          write(control.applies_to),
          control.effective,
          write(control.not_mapped),
          write(control.deadlines)};
}

json write(const Framework& framework) {
  json controls = json::array();
  for (const auto& control : framework.controls) controls.push_back(write(control));
  json parameters = json::object();
  for (const auto& [profile, names] : framework.parameters)
    for (const auto& [name, value] : names)
      parameters[profile][name] = {evidence::json_of<json>(value.value), write(value.source)};
  return {{"id", framework.id},
          {"edition", framework.edition},
          {"effective", framework.effective},
          {"title", write(framework.title)},
          {"source", write(framework.source)},
          {"controls_in_document", framework.controls_in_document},
          {"parameters", parameters},
          {"controls", controls}};
}

}  // namespace

std::string to_json(const Content& content) {
  json out = {{"assay", kContentFormat}};
  for (auto& list : {"checks", "frameworks", "parameters", "references", "derived"})
    out[list] = json::array();
  for (const auto& check : content.checks) out["checks"].push_back(write(check));
  for (const auto& framework : content.frameworks) out["frameworks"].push_back(write(framework));
  for (const auto& spec : content.parameters) {
    json defaults = json::object();
    for (const auto& [profile, value] : spec.defaults)
      defaults[profile] = evidence::json_of<json>(value);
    out["parameters"].push_back({spec.name, write(spec.meaning), defaults, write(spec.source)});
  }
  for (const auto& [name, reference] : content.references) {
    const auto canonical = evidence::to_canonical(*reference.table);
    const std::string bytes = canonical ? *canonical : std::string();
    out["references"].push_back({{"table", bytes},
                                 {"digest", evidence::sha256(bytes).hex()},
                                 {"source", reference.source},
                                 {"retrieved", reference.retrieved},
                                 {"unavailable", reference.unavailable},
                                 {"max_age_days", reference.max_age_days}});
  }
  for (const auto& [name, derived] : content.derived) {
    const auto empty = evidence::to_canonical(evidence::Table(derived.header));
    out["derived"].push_back({{"table", empty ? *empty : std::string()},
                              {"query", derived.query},
                              {"tables", derived.tables},
                              {"digest", derived.digest.hex()}});
  }
  return out.dump(-1, ' ', false, json::error_handler_t::replace);
}

}  // namespace assay::checks
