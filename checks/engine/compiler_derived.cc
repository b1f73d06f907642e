// The compiler's part for tables that several checks share: worked out once for a host instead of
// once for each check.
#include <algorithm>

#include "checks/engine/compiler.h"
#include "evidence/canonical.h"
#include "evidence/schema.h"

namespace assay::checks {

namespace {

constexpr std::string_view kParameters = "parameters";

std::vector<std::string> column_names(const evidence::Header& header) {
  std::vector<std::string> names;
  for (const auto& column : header.columns) names.push_back(column.name);
  return names;
}

}  // namespace

evidence::Digest digest_of(const DerivedTable& derived) {
  std::string all = "assay derived/1\n";
  evidence::append_json_string(all, derived.header.table);
  for (const auto& column : derived.header.columns) {
    evidence::append_json_string(all, column.name);
    all += column.type == evidence::Type::kText ? "text" : "integer";
  }
  evidence::append_json_string(all, derived.query);
  return evidence::sha256(all);
}

evidence::Digest digest_of(const Check& check, const Content& content) {
  std::string all = "assay check/2\n";
  for (const std::string& part : {check.id, check.applies, check.query, check.facts})
    evidence::append_json_string(all, part);
  for (const auto& column : check.key) evidence::append_json_string(all, column);
  all += std::to_string(static_cast<int>(check.severity));  // of damaged content, it has no name
  for (const auto& name : check.derived)
    if (const auto derived = content.derived.find(name); derived != content.derived.end())
      all += derived->second.digest.hex();
  return evidence::sha256(all);
}

Result<std::vector<std::string>> reads_of(const DerivedTable& derived, const Content& content,
                                          Database& database) {
  const auto reads = database.analyse(derived.query);
  if (!reads) return fail(reads.error());
  for (const auto& table : reads->tables)
    if (table == kParameters || content.derived.contains(table))
      return fail(Code::kConfiguration, "a derived table may not read " + table);
  if (reads->columns != column_names(derived.header))
    return fail(Code::kConfiguration, "the query answers with other columns than are declared");
  return std::vector<std::string>(reads->tables.begin(), reads->tables.end());
}

void Compiler::add_derived(const yaml::Value& value) {
  for (const auto& [name, definition] : yaml::Mapping(value).entries()) {
    yaml::Mapping in(definition);
    const auto columns = in.required("columns");
    const auto query = in.required("query");
    if (!columns || !query) continue;
    DerivedTable derived{
        .header = {name, 1, {}}, .query = query->text(), .tables = {}, .digest = {}};
    for (const auto& [column, type] : yaml::Mapping(*columns).entries()) {
      const auto word = type.text();
      if (word != "text" && word != "integer")
        type.complain("\"" + word + "\" is no type; text or integer");
      if (!evidence::is_evidence_name(column)) type.complain("\"" + column + "\" names no column");
      derived.header.columns.push_back(
          {column, word == "text" ? evidence::Type::kText : evidence::Type::kInteger});
    }
    if (!evidence::is_evidence_name(name) || name == kParameters ||
        evidence::find_table(name) != nullptr)
      definition.complain("\"" + name + "\" cannot be the name of a derived table");
    else if (!content_.derived.emplace(name, std::move(derived)).second)
      definition.complain("the derived table \"" + name + "\" exists already");
    else
      new_derived_.emplace(name, *query);
  }
}

void Compiler::link_derived(Database& database) {
  for (const auto& [name, place] : new_derived_) {
    auto& derived = content_.derived.at(name);
    bool is_expanded = true;
    const auto complain = [&](std::string_view what) {
      is_expanded = false;
      place.complain(name + ": " + std::string(what));
    };
    derived.query = expanded(derived.query, complain);
    if (!is_expanded) continue;
    derived.digest = digest_of(derived);
    if (auto reads = reads_of(derived, content_, database))
      derived.tables = std::move(*reads);
    else
      complain(reads.error().message());
  }
}

}  // namespace assay::checks
