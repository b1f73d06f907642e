#include <set>

#include "checks/engine/compiler.h"
#include "evidence/schema.h"

namespace assay::checks {

Result<Database> schema_database(const Content& content) {
  auto database = Database::open();
  if (!database) return database;
  for (const auto* spec : evidence::all_tables())
    if (auto made = database->create(evidence::header_of(*spec)); !made) return fail(made.error());
  if (!content.parameters.empty())
    if (auto made = database->create(parameters_header(content)); !made) return fail(made.error());
  for (const auto& [name, derived] : content.derived)
    if (auto made = database->create(derived.header); !made) return fail(made.error());
  return database;
}

namespace {

// A row names each of its cells once, or its JSON could be read in two ways.
void complain_of_names(
    const std::vector<std::string>& columns, const std::string& sql,
    const std::function<void(const std::string& what, const std::string& sql)>& complain) {
  std::set<std::string_view> names;
  for (const auto& column : columns)
    if (!names.insert(column).second)
      complain("two columns of its answer are named \"" + column + "\"", sql);
}

}  // namespace

CheckReads reads_of(
    const Check& check, const Content& content, Database& database,
    const std::function<void(const std::string& what, const std::string& sql)>& complain) {
  CheckReads out;
  Reads all;
  const auto note = [&](const std::string& sql) -> std::optional<std::vector<std::string>> {
    if (sql.empty()) return std::nullopt;
    auto reads = database.analyse(sql);
    if (!reads) {
      complain(reads.error().message(), sql);
      out.is_sound = false;
      return std::nullopt;
    }
    all.tables.insert(reads->tables.begin(), reads->tables.end());
    all.parameters.insert(reads->parameters.begin(), reads->parameters.end());
    return std::move(reads->columns);
  };
  (void)note(check.applies);  // of its answer only counts whether there is a row
  all.tables.erase("parameters");
  for (const auto& [name, derived] : content.derived)
    if (all.tables.contains(name)) {
      complain("whether a check applies is not asked of a derived table: " + name, check.applies);
      out.is_sound = false;
    }
  out.applies_tables.assign(all.tables.begin(), all.tables.end());
  out.columns = note(check.query);
  if (out.columns) complain_of_names(*out.columns, check.query, complain);
  if (const auto columns = note(check.facts)) complain_of_names(*columns, check.facts, complain);
  all.tables.erase("parameters");
  for (const auto& [name, derived] : content.derived)
    if (all.tables.erase(name) > 0) {
      out.derived.push_back(name);
      all.tables.insert(derived.tables.begin(), derived.tables.end());
    }
  out.tables.assign(all.tables.begin(), all.tables.end());
  out.parameters.assign(all.parameters.begin(), all.parameters.end());
  return out;
}

}  // namespace assay::checks
