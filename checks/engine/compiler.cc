#include "checks/engine/compiler.h"

#include <algorithm>
#include <charconv>

#include "evidence/canonical.h"
#include "evidence/schema.h"

namespace assay::checks {

namespace {

bool is_check_id(std::string_view id) {
  const auto dash = id.find('-');
  return dash != std::string_view::npos && dash > 0 && dash + 1 < id.size() && id.size() <= 64 &&
         std::ranges::all_of(id, [](char c) {
           return (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-';
         });
}

std::vector<std::string> ids(const auto& list) {
  std::vector<std::string> out;
  for (const auto& item : list) out.push_back(item.id);
  return out;
}

}  // namespace

void Compiler::add(std::string_view text, std::string_view file) {
  const auto root = yaml::parse(text, file, &problems_);
  if (!root) return;
  if (root->is_sequence()) {
    for (const auto& item : root->items()) add_check(item);
    return;
  }
  if (!root->is_mapping()) {
    root->complain(
        "a list of checks, a catalogue (framework:), a table (table:), fragments: or derived: is "
        "expected");
    return;
  }
  yaml::Mapping mapping(*root);
  if (const auto fragments = mapping.optional("fragments"))
    add_fragments(*fragments);
  else if (const auto derived = mapping.optional("derived"))
    add_derived(*derived);
  else if (mapping.optional("framework"))
    add_catalogue(mapping);
  else
    add_reference(mapping);
}

void Compiler::add_check(const yaml::Value& value) {
  yaml::Mapping in(value);
  Check check;
  check.origin = value.file() + ":" + std::to_string(value.line());
  if (const auto id = in.required("id")) {
    check.id = id->text();
    if (!is_check_id(check.id)) id->complain("an id looks like PWD-MINLEN");
  }
  if (const auto title = in.required("title")) check.title = title->translated();
  if (const auto rationale = in.required("rationale")) check.rationale = rationale->translated();
  if (const auto remedy = in.required("remedy")) check.remedy = remedy->translated();
  if (const auto severity = in.required("severity")) {
    const auto word = severity->text();
    if (const auto known = severity_from(word))
      check.severity = *known;
    else
      severity->complain("\"" + word + "\" is no severity" +
                         yaml::suggestion(word, {"info", "low", "medium", "high", "critical"}));
  }
  check.profiles = {"pc", "server"};
  if (const auto profiles = in.optional("profiles")) {
    check.profiles = profiles->texts();
    std::ranges::sort(check.profiles);
    for (const auto& profile : check.profiles)
      if (profile != "server" && profile != "pc")
        profiles->complain("\"" + profile + "\" is no profile" +
                           yaml::suggestion(profile, {"server", "pc"}));
  }
  const auto sql_of = [&](const std::optional<yaml::Value>& sql) {
    if (!sql) return std::string();
    auto text = sql->text();
    sql_lines_.emplace(std::pair(check.id, text), sql->line());
    return text;
  };
  check.applies = sql_of(in.optional("applies"));
  check.query = sql_of(in.required("query"));
  check.facts = sql_of(in.optional("facts"));
  if (const auto key = in.required("key")) check.key = key->texts();
  if (const auto controls = in.optional("controls"))
    for (const auto& item : controls->items()) add_mapping(item, &check);
  if (std::ranges::find(content_.checks, check.id, &Check::id) != content_.checks.end())
    value.complain("the check " + check.id + " exists already");
  new_checks_.insert(check.id);
  content_.checks.push_back(std::move(check));
}

void Compiler::add_mapping(const yaml::Value& value, Check* check) {
  yaml::Mapping in(value);
  Mapping mapping;
  if (const auto control = in.required("control")) {
    const auto name = control->text();
    const auto colon = name.find(':');
    if (colon == std::string::npos) {
      control->complain("a control is written framework:id");
      return;
    }
    mapping.framework = name.substr(0, colon);
    mapping.control = name.substr(colon + 1);
  }
  if (const auto proves = in.required("proves")) {
    const auto word = proves->text();
    if (word == "full")
      mapping.proves = Proves::kFull;
    else if (word == "partial")
      mapping.proves = Proves::kPartial;
    else if (word != "supporting")
      proves->complain("\"" + word + "\" is neither full, partial nor supporting" +
                       yaml::suggestion(word, {"full", "partial", "supporting"}));
  }
  if (const auto gap = in.optional("not_proven"))
    mapping.not_proven = gap->translated();
  else if (mapping.proves != Proves::kFull)
    value.complain("a mapping that proves less than full says what it does not prove (not_proven)");
  check->mappings.push_back(std::move(mapping));
}

void Compiler::complain(const Check& check, std::string_view what, const std::string& sql) {
  const auto colon = check.origin.rfind(':');
  int line = 1;
  const auto known = sql_lines_.find({check.id, sql});
  if (known != sql_lines_.end())
    line = known->second;
  else
    (void)std::from_chars(check.origin.data() + colon + 1,
                          check.origin.data() + check.origin.size(),
                          line);  // stays 1 if unreadable
  problems_.add(check.origin.substr(0, colon), line, check.id + ": " + std::string(what));
}

void Compiler::link(Check& check, Database& database) {
  auto reads = reads_of(
      check, content_, database,
      [&](const std::string& what, const std::string& sql) { complain(check, what, sql); });
  check.applies_tables = std::move(reads.applies_tables);
  check.tables = std::move(reads.tables);
  check.parameters = std::move(reads.parameters);
  check.derived = std::move(reads.derived);
  check.digest = digest_of(check, content_);
  if (reads.columns) {
    for (const auto& key : check.key)
      if (std::ranges::find(*reads.columns, key) == reads.columns->end())
        complain(check, "the key \"" + key + "\" is no column of the query" +
                            yaml::suggestion(key, *reads.columns));
  }
  if (reads.is_sound && check.tables.empty() && check.derived.empty() && !check.query.empty())
    complain(check, "the query reads no table", check.query);
  for (const auto& mapping : check.mappings) link_mapping(check, mapping);
}

void Compiler::link_mapping(const Check& check, const Mapping& mapping) {
  const auto* framework = content_.framework(mapping.framework);
  if (framework == nullptr)
    return complain(check, "unknown framework \"" + mapping.framework + "\"" +
                               yaml::suggestion(mapping.framework, ids(content_.frameworks)));
  const auto* control = framework->find(mapping.control);
  if (control == nullptr)
    return complain(check, "the catalogue " + mapping.framework + " has no control \"" +
                               mapping.control + "\"" +
                               yaml::suggestion(mapping.control, ids(framework->controls)));
  const auto& asked = control->applies_to.profiles;
  const auto is_judged = [&check](const std::string& profile) {
    return std::ranges::find(check.profiles, profile) != check.profiles.end();
  };
  if (!asked.empty() && std::ranges::none_of(asked, is_judged))
    complain(check, mapping.framework + ":" + mapping.control +
                        " is not asked of any profile that the check is for");
}

Result<Content> Compiler::finish() && {
  std::ranges::sort(content_.checks, {}, &Check::id);
  std::ranges::sort(content_.frameworks, {}, &Framework::id);
  std::ranges::sort(content_.parameters, {}, &ParameterSpec::name);
  for (auto& [name, reference] : content_.references) {
    if (name == "eol_cycles")
      reference.table = std::make_shared<const evidence::Table>(latest_cycles(*reference.table));
    const auto bytes = evidence::to_canonical(*reference.table);
    if (!bytes) return fail(bytes.error().within(name));
    reference.digest = evidence::sha256(*bytes);
  }
  for (const auto& framework : content_.frameworks)
    for (const auto& [profile, names] : framework.parameters)
      for (const auto& [name, value] : names)
        if (std::ranges::find(content_.parameters, name, &ParameterSpec::name) ==
            content_.parameters.end())
          problems_.add(framework.id, 1, "unknown parameter \"" + name + "\"");
  auto database = schema_database(content_);
  if (!database) return fail(database.error());
  link_derived(*database);
  for (auto& check : content_.checks)
    if (new_checks_.contains(check.id)) {
      expand(check);
      link(check, *database);
    }
  if (!problems_.empty()) return fail(problems_.to_error());
  content_.digest = evidence::sha256(to_json(content_));
  return std::move(content_);
}

}  // namespace assay::checks
