#include "agent/main/text_report.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>

#include "cli/terminal/width.h"
#include "cli/terminal/words.h"

namespace assay::agent {

namespace {

using cli::Colour;

// The text of a message in the reader's language.
std::string_view say(Language language, std::string_view en, std::string_view zh_tw) {
  return language == Language::kChinese ? zh_tw : en;
}

// A paragraph, wrapped, each line behind `indent` spaces.
std::string paragraph(const std::string& text, std::size_t indent, const cli::Screen& screen) {
  std::string out;
  const std::size_t columns = screen.columns > indent + 20 ? screen.columns - indent : 20;
  for (const auto& line : cli::wrap(cli::harmless(text), columns))
    out += std::string(indent, ' ') + line + "\n";
  return out;
}

std::string in_one_line(const checks::ResultRow& row) {
  std::string out;
  for (const auto& [name, value] : row.cells) {
    if (std::holds_alternative<std::monostate>(value)) continue;
    out += (out.empty() ? "" : "  ") + name + "=" + evidence::to_text(value);
  }
  return out;
}

struct CheckLine {
  const checks::Verdict* verdict;  // the one that speaks for the check
  std::vector<std::string> frameworks;
};

// Every check once: its worst verdict, and the frameworks under which it has that state.
std::vector<CheckLine> lines_of(const Report& report) {
  std::map<std::string, std::vector<const checks::Verdict*>> by_check;
  for (const auto& verdict : report.verdicts) by_check[verdict.check().id].push_back(&verdict);
  std::vector<CheckLine> lines;
  for (const auto& [id, verdicts] : by_check) {
    const auto& chosen = checks::spokesman(verdicts);
    CheckLine line{&chosen, {}};
    for (const auto* verdict : verdicts)
      if (verdict->result->state == chosen.result->state)
        line.frameworks.insert(line.frameworks.end(), verdict->frameworks().begin(),
                               verdict->frameworks().end());
    lines.push_back(std::move(line));
  }
  std::ranges::stable_sort(lines, [](const CheckLine& a, const CheckLine& b) {
    const auto weight = [](const CheckLine& line) {
      return std::pair(line.verdict->result->state, line.verdict->check().severity);
    };
    return weight(a) > weight(b);
  });
  return lines;
}

std::string frameworks_table(const Report& report, const cli::Screen& screen) {
  cli::Grid grid;
  grid.headings = {{"framework", {"framework", "規範"}},
                   {"score", {"score", "符合率"}, true},
                   {"coverage", {"coverage", "涵蓋率"}, true},
                   {"fail", {"fail", "不符合"}, true},
                   {"unknown", {"unknown", "無法判定"}, true}};
  for (const auto& state : report.frameworks) {
    const auto count = [&state](checks::State wanted) {
      return std::to_string(
          std::ranges::count(state.controls, wanted, &checks::ControlState::state));
    };
    grid.rows.push_back(
        {cli::cell(state.framework->title.in(screen.language)),
         cli::cell(cli::percent(state.score)), cli::cell(cli::percent(state.coverage)),
         cli::cell(count(checks::State::kFail)), cli::cell(count(checks::State::kUnknown))});
  }
  return cli::to_table(grid, screen);
}

std::string finding_text(const CheckLine& line, const cli::Screen& screen) {
  constexpr std::size_t kRowsShown = 5;
  const auto& verdict = *line.verdict;
  const auto& check = verdict.check();
  const auto language = screen.language;
  std::string out = fmt::format(
      "{}  {}  {}\n",
      screen.paint(cli::colour_of(check.severity), cli::word_for(check.severity).in(language)),
      screen.paint(Colour::kBold, check.id), check.title.in(language));
  for (std::size_t i = 0; i < std::min(verdict.result->rows.size(), kRowsShown); ++i)
    out += paragraph(in_one_line(verdict.result->rows[i]), 4, screen);
  if (const auto more = verdict.result->row_count - static_cast<std::int64_t>(kRowsShown); more > 0)
    out += fmt::format("    {}\n", language == Language::kChinese
                                       ? fmt::format("……另有 {} 筆", more)
                                       : fmt::format("… and {} more", more));
  out += paragraph(std::string(say(language, "Remedy: ", "改善方式：")) + check.remedy.in(language),
                   2, screen);
  return out;
}

using IdsAndReason = std::pair<std::string, std::string>;

void add_unknown(std::vector<IdsAndReason>& all, const std::string& id, const std::string& reason) {
  const auto before = std::ranges::find(all, reason, &IdsAndReason::second);
  if (before == all.end())
    all.emplace_back(id, reason);
  else
    before->first += ", " + id;
}

std::string paragraphs(const std::vector<IdsAndReason>& all, const cli::Screen& screen) {
  std::string out;
  for (const auto& [ids, reason] : all) out += paragraph(ids + "  " + reason, 2, screen);
  return out;
}

}  // namespace

cli::Grid checks_grid(const Report& report, Language language) {
  cli::Grid grid;
  grid.headings = {{"id", {"check", "檢查項目"}},        {"state", {"state", "結果"}},
                   {"severity", {"severity", "嚴重度"}}, {"title", {"title", "標題"}},
                   {"rows", {"rows", "筆數"}, true},     {"reason", {"reason", "原因"}}};
  for (const auto& line : lines_of(report)) {
    const auto& result = *line.verdict->result;
    const auto& check = line.verdict->check();
    grid.rows.push_back(
        {cli::cell(check.id),
         cli::cell(cli::word_for(result.state).in(language), std::string(name_of(result.state)),
                   cli::colour_of(result.state)),
         cli::cell(cli::word_for(check.severity).in(language), std::string(name_of(check.severity)),
                   cli::colour_of(check.severity)),
         cli::cell(check.title.in(language)), cli::cell(std::to_string(result.row_count)),
         cli::cell(result.reason)});
  }
  return grid;
}

std::string to_text(const Report& report, const cli::Screen& screen) {
  const auto language = screen.language;
  std::string out = fmt::format(
      "{} ({})\n\n", screen.paint(Colour::kBold, cli::harmless(report.host_name)), report.profile);
  out += frameworks_table(report, screen) + "\n";
  const auto lines = lines_of(report);
  // Checks that cannot be judged for one reason stand together, where the worst of them stands.
  std::vector<IdsAndReason> unknown;
  std::int64_t passed = 0;
  std::int64_t not_applicable = 0;
  for (const auto& line : lines) {
    const auto& result = *line.verdict->result;
    if (result.state == checks::State::kFail) out += finding_text(line, screen) + "\n";
    if (result.state == checks::State::kUnknown)
      add_unknown(unknown, line.verdict->check().id, result.reason);
    passed += result.state == checks::State::kPass ? 1 : 0;
    not_applicable += result.state == checks::State::kNotApplicable ? 1 : 0;
  }
  if (!unknown.empty())
    out += fmt::format(
        "{}\n{}\n",
        screen.paint(Colour::kMagenta, say(language, "Could not be judged:", "無法判定：")),
        paragraphs(unknown, screen));
  if (language == Language::kChinese)
    out +=
        fmt::format("符合 {} 項，不適用 {} 項。用時 {} 毫秒，CPU {} 毫秒。\n", passed,
                    not_applicable, report.costs.wall_milliseconds, report.costs.cpu_milliseconds);
  else
    out +=
        fmt::format("{} checks passed, {} do not apply. {} ms, {} ms of CPU.\n", passed,
                    not_applicable, report.costs.wall_milliseconds, report.costs.cpu_milliseconds);
  return out;
}

}  // namespace assay::agent
