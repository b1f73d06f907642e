#include "cli/views/verification.h"

#include <nlohmann/json.hpp>
#include <string>
#include <string_view>

namespace assay::cli {

namespace {

using evidence::Verification;
using Json = nlohmann::ordered_json;

std::string_view name_of(Verification::Outcome outcome) {
  switch (outcome) {
    case Verification::Outcome::kGood: return "good";
    case Verification::Outcome::kBad: return "bad";
    case Verification::Outcome::kNotChecked: break;
  }
  return "not_checked";
}

Cell outcome_cell(Verification::Outcome outcome, Language language) {
  const std::string name(name_of(outcome));
  switch (outcome) {
    case Verification::Outcome::kGood:
      return cell(Text{"good", "正確"}.in(language), name, Colour::kGreen);
    case Verification::Outcome::kBad:
      return cell(Text{"BAD", "錯誤"}.in(language), name, Colour::kRed);
    case Verification::Outcome::kNotChecked: break;
  }
  return cell(Text{"not checked", "未查驗"}.in(language), name, Colour::kYellow);
}

Json both(const Text& text) {
  return {{"en", text.en}, {"zh-TW", text.zh_tw}};
}

}  // namespace

Answer verification_view(const evidence::VerificationReport& report, const Text& good,
                         Language language) {
  Answer answer;
  Json entries = Json::array();
  answer.grid.headings = {{"outcome", {"Outcome", "結果"}},
                          {"subject", {"What was checked", "查驗項目"}},
                          {"detail", {"Detail", "說明"}}};
  for (const auto& entry : report.entries) {
    entries.push_back({{"outcome", name_of(entry.outcome)},
                       {"subject", both(entry.subject)},
                       {"detail", both(entry.detail)}});
    answer.grid.rows.push_back({outcome_cell(entry.outcome, language),
                                cell(entry.subject.in(language)), cell(entry.detail.in(language))});
  }
  const bool is_good = report.is_good();
  answer.json = {{"good", is_good}, {"entries", std::move(entries)}};
  answer.text = [grid = answer.grid, is_good, good](const Screen& screen) {
    const Text bad{"The evidence does NOT hold.", "證據查驗不通過。"};
    return to_table(grid, screen) + '\n' +
           screen.paint(is_good ? Colour::kGreen : Colour::kRed,
                        (is_good ? good : bad).in(screen.language)) +
           '\n';
  };
  return answer;
}

}  // namespace assay::cli
