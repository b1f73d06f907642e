// Reads what content_json.cc writes. Every command of the agent and the operator begins with it, so
// a parser is used that makes no object for each of the values.
#include <simdjson.h>

#include "checks/engine/content.h"
#include "checks/engine/content_format.h"
#include "evidence/canonical.h"

namespace assay::checks {

namespace {

static_assert(kReadPastTheEnd >= simdjson::SIMDJSON_PADDING);

using simdjson::dom::array;
using simdjson::dom::element;
using simdjson::dom::object;

std::string read_string(element in) {
  return std::string(in.get_string().value());
}

template <typename Enum>
Enum read_enum(element in, Enum last) {
  const auto number = in.get_int64().value();
  if (number < 0 || number > static_cast<std::int64_t>(last))
    throw std::runtime_error("a number that stands for nothing: " + std::to_string(number));
  return static_cast<Enum>(number);
}

Text read_text(element in) {
  return {read_string(in.at(0)), read_string(in.at(1))};
}

evidence::Value read_value(element in) {
  if (in.is_int64()) return in.get_int64().value();
  if (in.is_string()) return read_string(in);
  if (in.is_null()) return evidence::kNull;
  throw std::runtime_error("a figure is neither number, text nor null");
}

evidence::Digest read_digest(element in) {
  const auto digest = evidence::Digest::from_hex(in.get_string().value());
  if (!digest) throw std::runtime_error(digest.error().message());
  return *digest;
}

std::vector<std::string> read_strings(element in) {
  std::vector<std::string> strings;
  for (const element item : in.get_array()) strings.push_back(read_string(item));
  return strings;
}

// What content of before derived tables does not have.
std::vector<std::string> read_strings_if_there(element in, std::string_view key) {
  element list;
  if (in[key].get(list) != simdjson::SUCCESS) return {};
  return read_strings(list);
}

std::vector<Mapping> read_mappings(element in) {
  std::vector<Mapping> mappings;
  for (const element item : in.get_array())
    mappings.push_back({read_string(item.at(0)), read_string(item.at(1)),
                        read_enum(item.at(2), Proves::kFull), read_text(item.at(3))});
  return mappings;
}

Check read_check(element in) {
  return {.id = read_string(in["id"]),
          .title = read_text(in["title"]),
          .rationale = read_text(in["rationale"]),
          .remedy = read_text(in["remedy"]),
          .severity = read_enum(in["severity"], Severity::kCritical),
          .profiles = read_strings(in["profiles"]),
          .applies = read_string(in["applies"]),
          .query = read_string(in["query"]),
          .facts = read_string(in["facts"]),
          .key = read_strings(in["key"]),
          .mappings = read_mappings(in["mappings"]),
          .origin = read_string(in["origin"]),
          .tables = read_strings(in["tables"]),
          .applies_tables = read_strings(in["applies_tables"]),
          .parameters = read_strings(in["parameters"]),
          .derived = read_strings_if_there(in, "derived"),
          .digest = read_digest(in["digest"])};
}

Applicability read_applicability(element in) {
  return {read_strings(in.at(0)), read_strings(in.at(1)), read_strings(in.at(2)),
          in.at(3).get_bool(),    in.at(4).get_bool(),    in.at(5).get_bool(),
          read_text(in.at(6))};
}

// Content of before has none.
std::vector<Deadline> read_deadlines(element control) {
  constexpr std::size_t kPlace = 10;
  std::vector<Deadline> deadlines;
  element list;
  if (control.at(kPlace).get(list) == simdjson::SUCCESS)
    for (const element item : list.get_array())
      deadlines.push_back({read_text(item.at(0)), read_string(item.at(1))});
  return deadlines;
}

Control read_control(element in) {
  return {.id = read_string(in.at(0)),
          .title = read_text(in.at(1)),
          .gist = read_text(in.at(2)),
          .mode = read_enum(in.at(3), Control::Mode::kManual),
          .remains = read_text(in.at(4)),
          .frequency = read_string(in.at(5)),
          .location = read_text(in.at(6)),
          .applies_to = read_applicability(in.at(7)),
          .effective = read_string(in.at(8)),
          .deadlines = read_deadlines(in),
          .not_mapped = read_text(in.at(9))};
}

Framework read_framework(element in) {
  Framework framework;
  framework.id = read_string(in["id"]);
  framework.edition = read_string(in["edition"]);
  // Content of before does not say.
  if (element effective; in["effective"].get(effective) == simdjson::SUCCESS)
    framework.effective = read_string(effective);
  framework.title = read_text(in["title"]);
  framework.source = read_text(in["source"]);
  framework.controls_in_document = in["controls_in_document"].get_int64();
  for (const auto [profile, names] : in["parameters"].get_object())
    for (const auto [name, value] : names.get_object())
      framework.parameters[std::string(profile)][std::string(name)] = {read_value(value.at(0)),
                                                                       read_text(value.at(1))};
  for (const element control : in["controls"].get_array())
    framework.controls.push_back(read_control(control));
  return framework;
}

ParameterSpec read_parameter(element in) {
  ParameterSpec spec{read_string(in.at(0)), read_text(in.at(1)), {}, read_text(in.at(3))};
  for (const auto [profile, value] : in.at(2).get_object())
    spec.defaults[std::string(profile)] = read_value(value);
  return spec;
}

evidence::Digest digest_of_table(element in, std::string_view bytes, Digests digests) {
  if (digests == Digests::kAsWritten) return read_digest(in["digest"]);
  const auto computed = evidence::sha256(bytes);
  element written;
  if (in["digest"].get(written) == simdjson::SUCCESS && read_digest(written) != computed)
    throw std::runtime_error("a reference table has another digest than the one beside it");
  return computed;
}

ReferenceTable read_reference(element in, Digests digests) {
  const std::string_view bytes = in["table"].get_string();
  auto table = evidence::from_canonical(bytes);
  if (!table) throw std::runtime_error(table.error().message());
  return {.table = std::make_shared<const evidence::Table>(std::move(*table)),
          .digest = digest_of_table(in, bytes, digests),
          .source = read_string(in["source"]),
          .retrieved = read_string(in["retrieved"]),
          .unavailable = read_string(in["unavailable"]),
          .max_age_days = in["max_age_days"].get_int64()};
}

// Its columns come as those of a table without rows, and are checked like any.
DerivedTable read_derived(element in) {
  const auto empty = evidence::from_canonical(in["table"].get_string().value());
  if (!empty) throw std::runtime_error(empty.error().message());
  return {.header = empty->header(),
          .query = read_string(in["query"]),
          .tables = read_strings(in["tables"]),
          .digest = read_digest(in["digest"])};
}

}  // namespace

Result<Content> content_from_json(const std::string& json, Digests digests) {
  try {
    simdjson::dom::parser parser;
    const element in = parser.parse(json);
    if (in["assay"].get_string().value() != kContentFormat)
      return fail(Code::kInvalidData, "the compiled content is of another format version");
    Content content;
    for (const element item : in["checks"].get_array()) content.checks.push_back(read_check(item));
    for (const element item : in["frameworks"].get_array())
      content.frameworks.push_back(read_framework(item));
    for (const element item : in["parameters"].get_array())
      content.parameters.push_back(read_parameter(item));
    for (const element item : in["references"].get_array()) {
      auto reference = read_reference(item, digests);
      content.references.emplace(reference.table->header().table, std::move(reference));
    }
    element list;
    if (in["derived"].get(list) == simdjson::SUCCESS)
      for (const element item : list.get_array()) {
        auto derived = read_derived(item);
        content.derived.emplace(derived.header.table, std::move(derived));
      }
    for (const auto& check : content.checks)
      for (const auto& name : check.derived)
        if (!content.derived.contains(name))
          throw std::runtime_error("there is no derived table " + name);
    if (digests == Digests::kComputed) content.digest = evidence::sha256(json);
    return content;
  } catch (const std::exception& error) {
    return fail(Code::kInvalidData,
                std::string("the compiled content is damaged: ") + error.what());
  }
}

}  // namespace assay::checks
