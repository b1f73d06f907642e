// The compiler's half that reads reference tables and parameters.
#include <algorithm>

#include "checks/engine/compiler.h"
#include "evidence/schema.h"
#include "evidence/timestamp.h"

namespace assay::checks {

namespace {

// Product and cycle are the first two columns of eol_cycles.
std::pair<std::string, std::string> cycle_of(const evidence::Row& row) {
  return {evidence::to_text(row[0]), evidence::to_text(row[1])};
}

}  // namespace

evidence::Table latest_cycles(const evidence::Table& table) {
  std::map<std::pair<std::string, std::string>, std::size_t> last;
  for (std::size_t i = 0; i < table.rows().size(); ++i) last[cycle_of(table.rows()[i])] = i;
  evidence::Table latest(table.header());
  for (std::size_t i = 0; i < table.rows().size(); ++i)
    if (last[cycle_of(table.rows()[i])] == i) latest.add_row(table.rows()[i]);
  return latest;
}

evidence::Header parameters_header(const Content& content) {
  evidence::Header header{"parameters", 1, {}};
  for (const auto& spec : content.parameters) {
    const bool is_text = std::ranges::any_of(spec.defaults, [](const auto& entry) {
      return std::holds_alternative<std::string>(entry.second);
    });
    header.columns.push_back(
        {spec.name, is_text ? evidence::Type::kText : evidence::Type::kInteger});
  }
  return header;
}

void Compiler::add_parameters(const yaml::Value& value, Framework* framework) {
  for (auto& [profile, names] : yaml::Mapping(value).entries()) {
    if (profile != "server" && profile != "pc")
      names.complain("\"" + profile + "\" is no profile" +
                     yaml::suggestion(profile, {"server", "pc"}));
    for (auto& [name, entry] : yaml::Mapping(names).entries()) {
      yaml::Mapping in(entry);
      ParameterValue parameter;
      if (const auto figure = in.required("value")) parameter.value = figure->any_cell();
      if (const auto source = in.required("source")) {
        if (source->is_mapping())
          parameter.source = source->translated();
        else
          parameter.source = {source->text(), source->text()};
      }
      framework->parameters[profile][name] = std::move(parameter);
    }
  }
}

void Compiler::add_reference(yaml::Mapping& in) {
  const auto name = in.required("table");
  if (!name) return;
  const auto rows = in.required("rows");
  if (name->text() == "parameters") {
    if (rows) add_parameter_specs(*rows);
    return;
  }
  const auto* spec = evidence::find_table(name->text());
  if (spec == nullptr || spec->origin != evidence::Origin::kReference || spec->name == "clock") {
    std::vector<std::string> known;
    for (const auto* table : evidence::all_tables())
      if (table->origin == evidence::Origin::kReference && table->name != "clock")
        known.push_back(table->name);
    name->complain("\"" + name->text() + "\" is no reference table" +
                   yaml::suggestion(name->text(), known));
    return;
  }
  auto& reference = content_.references[spec->name];
  if (!reference.table) reference.table = std::make_shared<const evidence::Table>(*spec);
  if (const auto source = in.required("source")) reference.source = source->text();
  if (const auto retrieved = in.required("retrieved")) {
    reference.retrieved = retrieved->text();
    if (const auto date = evidence::from_date(reference.retrieved); !date)
      retrieved->complain(date.error().message());
  }
  if (const auto max_age = in.optional("max_age_days")) {
    reference.max_age_days = max_age->integer();
    if (reference.max_age_days < 1 || reference.max_age_days > 3650)
      max_age->complain("from 1 to 3650 days");
  }
  const auto when_empty = in.optional("when_empty");
  if (when_empty && rows && rows->items().empty() && reference.table->rows().empty())
    reference.unavailable = when_empty->text();
  if (!rows) return;
  auto table = *reference.table;
  std::set<std::pair<std::string, std::string>> cycles;
  for (const auto& item : rows->items()) {
    evidence::Row row(spec->columns.size());
    yaml::Mapping cells(item);
    for (std::size_t i = 0; i < row.size(); ++i) {
      const auto& column = spec->columns[i];
      const auto cell = cells.optional(column.name);
      // Where the data is from stands once at the top of the file, and then in every row.
      if (!cell && column.name == "source") row[i] = reference.source;
      if (!cell && column.name == "source_date") row[i] = reference.retrieved;
      if (!cell) continue;
      row[i] = cell->cell(column.type);
      const bool is_date = column.name.ends_with("_until") || column.name.ends_with("_date") ||
                           column.name == "released";
      const auto* text = std::get_if<std::string>(&row[i]);
      if (is_date && text != nullptr)
        if (const auto date = evidence::from_date(*text); !date)
          cell->complain(date.error().message());
    }
    if (spec->name == "eol_cycles" && !cycles.insert(cycle_of(row)).second)
      item.complain("the cycle " + cycle_of(row).second + " of " + cycle_of(row).first +
                    " is in this file twice");
    table.add_row(std::move(row));
    reference.unavailable.clear();
  }
  reference.table = std::make_shared<const evidence::Table>(std::move(table));
}

void Compiler::add_parameter_specs(const yaml::Value& rows) {
  for (const auto& item : rows.items()) {
    yaml::Mapping in(item);
    ParameterSpec spec;
    if (const auto name = in.required("name")) spec.name = name->text();
    if (const auto meaning = in.required("meaning")) spec.meaning = meaning->translated();
    if (const auto source = in.required("source")) {
      if (source->is_mapping())
        spec.source = source->translated();
      else
        spec.source = {source->text(), source->text()};
    }
    for (const std::string profile : {"server", "pc"})
      if (const auto value = in.required(profile)) spec.defaults[profile] = value->any_cell();
    // A later file replaces the definition: that is how a company sets its own figure.
    std::erase_if(content_.parameters, [&](const auto& old) { return old.name == spec.name; });
    content_.parameters.push_back(std::move(spec));
  }
}

}  // namespace assay::checks
