#include "agent/host/vendor_tool.h"
#include "agent/main/command.h"
#include "checks/yaml/strict_yaml.h"
#include "evidence/schema.h"

namespace assay::agent {

namespace {

using nlohmann::ordered_json;

std::string_view name_of(evidence::Type type) {
  return type == evidence::Type::kText ? "text" : "integer";
}

std::string_view name_of(evidence::Privacy privacy) {
  switch (privacy) {
    case evidence::Privacy::kPublic: return "public";
    case evidence::Privacy::kPersonal: return "personal";
    case evidence::Privacy::kSensitive: return "sensitive";
  }
  return "sensitive";
}

std::string_view name_of(evidence::Origin origin) {
  switch (origin) {
    case evidence::Origin::kHost: return "host";
    case evidence::Origin::kReference: return "reference";
    case evidence::Origin::kRegister: return "register";
  }
  return "host";
}

ordered_json describe(const evidence::TableSpec& spec) {
  ordered_json out = {{"name", spec.name},
                      {"version", spec.version},
                      {"meaning", {{"en", spec.meaning.en}, {"zh-TW", spec.meaning.zh_tw}}},
                      {"privacy", name_of(spec.privacy)},
                      {"volatile", spec.is_volatile},
                      {"live_only", spec.is_live_only},
                      {"origin", name_of(spec.origin)},
                      {"example", spec.example}};
  out["columns"] = ordered_json::array();
  for (const auto& column : spec.columns)
    out["columns"].push_back(
        {{"name", column.name},
         {"type", name_of(column.type)},
         {"meaning", {{"en", column.meaning.en}, {"zh-TW", column.meaning.zh_tw}}}});
  return out;
}

cli::Answer list_of_tables(Language language) {
  cli::Answer out;
  out.grid.headings = {{"table", {"table", "資料表"}}, {"meaning", {"what is in it", "內容"}}};
  out.json = ordered_json::array();
  for (const auto* spec : evidence::all_tables()) {
    out.json.push_back(describe(*spec));
    out.grid.rows.push_back({cli::cell(spec->name), cli::cell(spec->meaning.in(language))});
  }
  return out;
}

cli::Answer one_table(const evidence::TableSpec& spec, Language language) {
  cli::Answer out;
  out.json = describe(spec);
  out.grid.headings = {
      {"column", {"column", "欄位"}}, {"type", {"type", "型別"}}, {"meaning", {"meaning", "意義"}}};
  for (const auto& column : spec.columns)
    out.grid.rows.push_back({cli::cell(column.name), cli::cell(std::string(name_of(column.type))),
                             cli::cell(column.meaning.in(language))});
  return out;
}

}  // namespace

int run_tools_command(const CommonOptions& common) {
  const auto language = common.chosen_language();
  cli::Answer out;
  out.grid.headings = {{"command", {"command", "指令"}}, {"why", {"why", "原因"}}};
  out.json = ordered_json::array();
  for (const auto& tool : vendor_tools()) {
    auto command = tool.program;
    for (const auto& argument : tool.arguments) command += " " + argument;
    out.grid.rows.push_back({cli::cell(command), cli::cell(tool.why.in(language))});
    out.json.push_back({{"command", command},
                        {"milliseconds", tool.time_limit.count()},
                        {"why", {{"en", tool.why.en}, {"zh-TW", tool.why.zh_tw}}}});
  }
  return answer(common, out, kDone);
}

int run_tables_command(const CommonOptions& common, const std::string& name) {
  const auto language = common.chosen_language();
  if (name.empty()) return answer(common, list_of_tables(language), kDone);
  const auto* spec = evidence::find_table(name);
  if (spec != nullptr) {
    auto what = one_table(*spec, language);
    what.text = [grid = what.grid, spec](const cli::Screen& screen) {
      return spec->meaning.in(screen.language) + "\n\n" + cli::to_table(grid, screen) + "\n  " +
             spec->example + "\n";
    };
    return answer(common, what, kDone);
  }
  std::vector<std::string> known;
  for (const auto* each : evidence::all_tables()) known.push_back(each->name);
  const auto likely = checks::yaml::nearest(name, known);
  return report(common, Error(Code::kUsage, "there is no table " + name +
                                                (likely ? "; did you mean " + *likely + "?" : "")));
}

}  // namespace assay::agent
