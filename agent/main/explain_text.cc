#include <fmt/format.h>

#include <algorithm>
#include <map>

#include "agent/main/text_report.h"
#include "cli/terminal/width.h"
#include "cli/terminal/words.h"

namespace assay::agent {

namespace {

using cli::Colour;

class Writer {
 public:
  explicit Writer(const cli::Screen& screen) : screen_(screen) {}

  void heading(std::string_view en, std::string_view zh_tw) {
    out_ += "\n" +
            screen_.paint(Colour::kBold, screen_.language == Language::kChinese ? zh_tw : en) +
            "\n";
  }
  void text(const std::string& words, std::size_t indent = 2) {
    const std::size_t columns = screen_.columns > indent + 20 ? screen_.columns - indent : 20;
    for (const auto& line : cli::wrap(cli::harmless(words), columns))
      out_ += std::string(indent, ' ') + line + "\n";
  }
  void text(const Text& words, std::size_t indent = 2) { text(words.in(screen_.language), indent); }
  void raw(const std::string& words) { out_ += words; }
  [[nodiscard]] std::string say(std::string_view en, std::string_view zh_tw) const {
    return std::string(screen_.language == Language::kChinese ? zh_tw : en);
  }
  [[nodiscard]] const cli::Screen& screen() const { return screen_; }
  [[nodiscard]] Language language() const { return screen_.language; }
  std::string take() { return std::move(out_); }

 private:
  const cli::Screen& screen_;
  std::string out_;
};

void rows(Writer& out, const std::vector<checks::ResultRow>& rows) {
  for (const auto& row : rows) {
    std::string line;
    for (const auto& [name, value] : row.cells)
      if (!std::holds_alternative<std::monostate>(value))
        line += (line.empty() ? "" : "  ") + name + "=" + evidence::to_text(value);
    out.text(line, 4);
  }
}

// Where the document says it, to whom, how often and since when.
void circumstances(Writer& out, const checks::Control& control) {
  out.text(control.location, 4);
  const auto say = [&out](std::string_view en, std::string_view zh_tw, const std::string& words) {
    if (!words.empty()) out.text(out.say(en, zh_tw) + words, 4);
  };
  say("Applies to: ", "適用對象：", checks::words_for(control.applies_to).in(out.language()));
  say("How often: ", "頻率：", cli::frequency_word(control.frequency, out.language()));
  say("In force since: ", "生效日：", control.effective);
}

// The clauses that a verdict feeds, each with its gist and what it does not prove.
void clauses(Writer& out, const Report& report, const checks::Verdict& verdict) {
  for (const auto& mapping : verdict.check().mappings) {
    if (std::ranges::find(verdict.frameworks(), mapping.framework) == verdict.frameworks().end())
      continue;
    const auto* framework = report.content->framework(mapping.framework);
    const auto* control = framework == nullptr ? nullptr : framework->find(mapping.control);
    if (control == nullptr) continue;
    out.text(fmt::format("{} {} ({}) — {}", mapping.framework, control->id, framework->edition,
                         control->title.in(out.language())),
             2);
    out.text(control->gist, 4);
    circumstances(out, *control);
    out.text(cli::word_for(mapping.proves).in(out.language()) +
                 (mapping.not_proven.en.empty() ? ""
                                                : out.say("; not proven: ", "；未證明：") +
                                                      mapping.not_proven.in(out.language())),
             4);
  }
}

// Each figure once, with everybody who asks for it and where it is written.
void parameters(Writer& out, const Report& report, const checks::Verdict& verdict) {
  for (const auto& [name, value] : verdict.parameters()) {
    std::map<std::string, std::string> askers;  // source → frameworks
    for (const auto& id : verdict.frameworks()) {
      const auto* framework = report.content->framework(id);
      const auto source =
          report.content->parameter(framework, report.profile, name).source.in(out.language());
      auto& ids = askers[source];
      ids += (ids.empty() ? "" : ", ") + id;
    }
    const auto figure = name + " = " + evidence::to_text(value);
    const auto who = [&out](const auto& asker) {
      return asker.second + out.say(": ", "：") + asker.first;
    };
    if (askers.size() == 1) {
      out.text(figure + "  (" + who(*askers.begin()) + ")", 2);
      continue;
    }
    out.text(figure, 2);
    for (const auto& asker : askers) out.text(who(asker), 4);
  }
}

void one_verdict(Writer& out, const Report& report, const checks::Verdict& verdict) {
  const auto& result = *verdict.result;
  out.raw("\n" +
          out.screen().paint(cli::colour_of(result.state),
                             cli::word_for(result.state).in(out.language())) +
          "\n");
  if (!result.reason.empty()) out.text(result.reason);
  clauses(out, report, verdict);
  if (!verdict.parameters().empty()) {
    out.heading("Figures", "判定標準");
    parameters(out, report, verdict);
  }
  if (!result.rows.empty()) {
    out.heading("Evidence: rows that violate", "證據：不符合的資料列");
    rows(out, result.rows);
  }
  if (!result.facts.empty()) {
    out.heading("What was looked at", "查核所見");
    rows(out, result.facts);
  }
}

std::string indented(const std::string& sql) {
  std::string text;
  for (const auto& line : cli::wrap(sql, 1000)) text += "  " + line + "\n";
  return text;
}

}  // namespace

std::string explain(const Report& report, const cli::Screen& screen) {
  Writer out(screen);
  const auto& check = report.content->checks.front();
  out.raw(fmt::format("{}  {}\n", screen.paint(Colour::kBold, check.id),
                      check.title.in(screen.language)));
  out.text(check.rationale);
  for (const auto& verdict : report.verdicts) one_verdict(out, report, verdict);
  if (report.verdicts.empty())
    out.text(out.say("This check is not for the profile " + report.profile + ".",
                     "此檢查項目不適用於 " + report.profile + " 類型。"));
  out.heading("Remedy", "改善方式");
  out.text(check.remedy);
  out.heading("Query", "查詢");
  out.raw(indented(check.query));
  for (const auto& name : check.derived) {
    out.heading("The table " + name, "資料表 " + name);
    out.raw(indented(report.content->derived.at(name).query));
  }
  return out.take();
}

}  // namespace assay::agent
