#include "agent/host/live_host.h"
#include "agent/main/command.h"
#include "agent/main/settings.h"
#include "agent/scan/kept_digests.h"
#include "agent/scan/network/network_look.h"
#include "agent/scan/query.h"
#include "checks/yaml/strict_yaml.h"
#include "evidence/schema.h"

namespace assay::agent {

namespace {

cli::Answer answer_of(const checks::QueryResult& result) {
  cli::Answer out;
  for (const auto& column : result.columns) out.grid.headings.push_back({column, {column, column}});
  out.json = nlohmann::ordered_json::array();
  for (const auto& row : result.rows) {
    auto object = nlohmann::ordered_json::object();
    std::vector<cli::Cell> cells;
    for (std::size_t i = 0; i < row.size(); ++i) {
      if (const auto* number = std::get_if<std::int64_t>(&row[i])) {
        object[result.columns[i]] = *number;
        out.grid.headings[i].is_number = true;
      } else if (const auto* text = std::get_if<std::string>(&row[i])) {
        object[result.columns[i]] = *text;
      } else {
        object[result.columns[i]] = nullptr;
      }
      cells.push_back(cli::cell(evidence::to_text(row[i])));
    }
    out.json.push_back(std::move(object));
    out.grid.rows.push_back(std::move(cells));
  }
  return out;
}

// What a slip in the query was probably meant to be: SQLite names the word that it does not know.
std::string suggestion(const std::string& sql, const std::string& message) {
  std::vector<std::string> known;
  std::string word;
  const auto behind = [&message](std::string_view prefix) {
    return message.starts_with(prefix) ? message.substr(prefix.size()) : std::string();
  };
  if (word = behind("no such table: "); !word.empty()) {
    for (const auto* spec : evidence::all_tables()) known.push_back(spec->name);
  } else if (word = behind("no such column: "); !word.empty()) {
    word.erase(0, word.find('.') + 1);
    for (const auto* spec : evidence::all_tables())
      if (sql.contains(spec->name))
        for (const auto& column : spec->columns) known.push_back(column.name);
  }
  const auto likely = checks::yaml::nearest(word, known);
  return likely ? "; did you mean " + *likely + "?" : "";
}

}  // namespace

int run_query_command(const CommonOptions& common, const QueryArguments& arguments) {
  LiveHost host(arguments.root);
  if (auto opened = host.opened(); !opened) return report(common, opened.error());
  const auto settings = settings_in_force(common);
  if (!settings) return report(common, settings.error());
  KeptDigests digests{StateFolder(settings->state_dir)};
  if (host.is_live()) host.use_digest_cache(&digests.cache());
  const auto network = look_with_scanner(*settings, arguments.uses_network);
  const auto result = run_query(host, arguments.sql, *settings, &network);
  if (!result) {
    const auto& error = result.error();
    // A slip in the query is the caller's, not one of configuration.
    if (error.code() == Code::kConfiguration)
      return report(common, Error(Code::kUsage,
                                  error.message() + suggestion(arguments.sql, error.message())));
    return report(common, error);
  }
  return answer(common, answer_of(*result), kDone);
}

}  // namespace assay::agent
