// The compiled form of Content: one JSON object. Tables stand in it in their
// canonical form, so that their digests can be checked by hand.
#include <nlohmann/json.hpp>

#include "checks/engine/content.h"
#include "evidence/canonical.h"

namespace assay::checks {

namespace {

using nlohmann::json;

constexpr std::string_view kFormat = "content/1";

json write(const Text& text) {
  return json::array({text.en, text.zh_tw});
}

json write(const evidence::Value& value) {
  if (const auto* number = std::get_if<std::int64_t>(&value)) return *number;
  if (const auto* text = std::get_if<std::string>(&value)) return *text;
  return nullptr;
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
          {"digest", check.digest.hex()}};
}

json write(const Applicability& applicability) {
  return {applicability.grades,       applicability.kinds,       applicability.profiles,
          applicability.is_core_only, applicability.is_by_grade, applicability.is_advanced,
          write(applicability.basis)};
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
          write(control.not_mapped)};
}

json write(const Framework& framework) {
  json controls = json::array();
  for (const auto& control : framework.controls) controls.push_back(write(control));
  json parameters = json::object();
  for (const auto& [profile, names] : framework.parameters)
    for (const auto& [name, value] : names)
      parameters[profile][name] = {write(value.value), write(value.source)};
  return {{"id", framework.id},
          {"edition", framework.edition},
          {"title", write(framework.title)},
          {"source", write(framework.source)},
          {"controls_in_document", framework.controls_in_document},
          {"parameters", parameters},
          {"controls", controls}};
}

Text read_text(const json& in) {
  return {in.at(0), in.at(1)};
}

evidence::Value read_value(const json& in) {
  if (in.is_number_integer()) return in.get<std::int64_t>();
  if (in.is_string()) return in.get<std::string>();
  return evidence::kNull;
}

evidence::Digest read_digest(const json& in) {
  const auto digest = evidence::Digest::from_hex(in.get<std::string>());
  if (!digest) throw std::runtime_error(digest.error().message());
  return *digest;
}

Check read_check(const json& in) {
  Check check;
  in.at("id").get_to(check.id);
  check.title = read_text(in.at("title"));
  check.rationale = read_text(in.at("rationale"));
  check.remedy = read_text(in.at("remedy"));
  check.severity = static_cast<Severity>(in.at("severity").get<int>());
  in.at("profiles").get_to(check.profiles);
  in.at("applies").get_to(check.applies);
  in.at("query").get_to(check.query);
  in.at("facts").get_to(check.facts);
  in.at("key").get_to(check.key);
  for (const auto& mapping : in.at("mappings"))
    check.mappings.push_back({mapping.at(0), mapping.at(1),
                              static_cast<Proves>(mapping.at(2).get<int>()),
                              read_text(mapping.at(3))});
  in.at("origin").get_to(check.origin);
  in.at("tables").get_to(check.tables);
  in.at("applies_tables").get_to(check.applies_tables);
  in.at("parameters").get_to(check.parameters);
  check.digest = read_digest(in.at("digest"));
  return check;
}

Applicability read_applicability(const json& in) {
  return {in.at(0), in.at(1), in.at(2), in.at(3), in.at(4), in.at(5), read_text(in.at(6))};
}

Control read_control(const json& in) {
  return {in.at(0),
          read_text(in.at(1)),
          read_text(in.at(2)),
          static_cast<Control::Mode>(in.at(3).get<int>()),
          read_text(in.at(4)),
          in.at(5),
          read_text(in.at(6)),
          read_applicability(in.at(7)),
          in.at(8),
          read_text(in.at(9))};
}

Framework read_framework(const json& in) {
  Framework framework;
  in.at("id").get_to(framework.id);
  in.at("edition").get_to(framework.edition);
  framework.title = read_text(in.at("title"));
  framework.source = read_text(in.at("source"));
  in.at("controls_in_document").get_to(framework.controls_in_document);
  for (const auto& [profile, names] : in.at("parameters").items())
    for (const auto& [name, value] : names.items())
      framework.parameters[profile][name] = {read_value(value.at(0)), read_text(value.at(1))};
  for (const auto& control : in.at("controls")) framework.controls.push_back(read_control(control));
  return framework;
}

}  // namespace

std::string to_json(const Content& content) {
  json out = {{"assay", kFormat}};
  for (auto& list : {"checks", "frameworks", "parameters", "references"}) out[list] = json::array();
  for (const auto& check : content.checks) out["checks"].push_back(write(check));
  for (const auto& framework : content.frameworks) out["frameworks"].push_back(write(framework));
  for (const auto& spec : content.parameters) {
    json defaults = json::object();
    for (const auto& [profile, value] : spec.defaults) defaults[profile] = write(value);
    out["parameters"].push_back({spec.name, write(spec.meaning), defaults, write(spec.source)});
  }
  for (const auto& [name, reference] : content.references) {
    const auto bytes = evidence::to_canonical(*reference.table);
    out["references"].push_back({{"table", bytes ? *bytes : std::string()},
                                 {"source", reference.source},
                                 {"retrieved", reference.retrieved},
                                 {"unavailable", reference.unavailable},
                                 {"max_age_days", reference.max_age_days}});
  }
  return out.dump(-1, ' ', false, json::error_handler_t::replace);
}

Result<Content> content_from_json(std::string_view text) {
  try {
    const json in = json::parse(text);
    if (in.at("assay") != kFormat)
      return fail(Code::kInvalidData, "the compiled content is of another format version");
    Content content;
    for (const auto& check : in.at("checks")) content.checks.push_back(read_check(check));
    for (const auto& item : in.at("frameworks")) content.frameworks.push_back(read_framework(item));
    for (const auto& item : in.at("parameters")) {
      ParameterSpec spec{item.at(0), read_text(item.at(1)), {}, read_text(item.at(3))};
      for (const auto& [profile, value] : item.at(2).items())
        spec.defaults[profile] = read_value(value);
      content.parameters.push_back(std::move(spec));
    }
    for (const auto& item : in.at("references")) {
      const auto& bytes = item.at("table").get_ref<const std::string&>();
      auto table = evidence::from_canonical(bytes);
      if (!table) return fail(table.error().within("compiled content"));
      const std::string name = table->header().table;
      content.references.emplace(
          name, ReferenceTable{std::make_shared<const evidence::Table>(std::move(*table)),
                               evidence::sha256(bytes), item.at("source"), item.at("retrieved"),
                               item.at("unavailable"), item.at("max_age_days")});
    }
    content.digest = evidence::sha256(text);
    return content;
  } catch (const std::exception& error) {
    return fail(Code::kInvalidData,
                std::string("the compiled content is damaged: ") + error.what());
  }
}

}  // namespace assay::checks
