#include "cli/terminal/words.h"

#include <cmath>
#include <map>

namespace assay::cli {

const Text& word_for(checks::State state) {
  static const std::array<Text, 7> kWords = {{{"pass", "符合"},
                                              {"not applicable", "不適用"},
                                              {"manual", "待人工確認"},
                                              {"waived", "已核准例外"},
                                              {"stale", "逾時未回報"},
                                              {"unknown", "無法判定"},
                                              {"fail", "不符合"}}};
  return kWords.at(static_cast<std::size_t>(state));
}

const Text& word_for(checks::Severity severity) {
  static const std::array<Text, 5> kWords = {
      {{"info", "資訊"}, {"low", "低"}, {"medium", "中"}, {"high", "高"}, {"critical", "嚴重"}}};
  return kWords.at(static_cast<std::size_t>(severity));
}

const Text& word_for(checks::Proves proves) {
  static const std::array<Text, 3> kWords = {
      {{"supports", "輔助佐證"}, {"proves in part", "部分證明"}, {"proves", "完整證明"}}};
  return kWords.at(static_cast<std::size_t>(proves));
}

const Text& word_for(checks::Control::Mode mode) {
  static const std::array<Text, 3> kWords = {{{"automated", "自動判定"},
                                              {"in part", "部分自動，其餘由人員確認"},
                                              {"by a person", "由人員確認"}}};
  return kWords.at(static_cast<std::size_t>(mode));
}

Colour colour_of(checks::State state) {
  switch (state) {
    case checks::State::kFail: return Colour::kRed;
    case checks::State::kPass: return Colour::kGreen;
    case checks::State::kUnknown:
    case checks::State::kStale: return Colour::kMagenta;
    case checks::State::kManual:
    case checks::State::kWaived: return Colour::kYellow;
    case checks::State::kNotApplicable: break;
  }
  return Colour::kDim;
}

Colour colour_of(checks::Severity severity) {
  switch (severity) {
    case checks::Severity::kCritical:
    case checks::Severity::kHigh: return Colour::kRed;
    case checks::Severity::kMedium: return Colour::kYellow;
    case checks::Severity::kLow:
    case checks::Severity::kInfo: break;
  }
  return Colour::kBlue;
}

std::string state_word(std::string_view name, Language language) {
  const auto state = checks::state_from(name);
  return state ? word_for(*state).in(language) : std::string(name);
}

std::string severity_word(std::string_view name, Language language) {
  const auto severity = checks::severity_from(name);
  return severity ? word_for(*severity).in(language) : std::string(name);
}

std::string mode_word(std::string_view name, Language language) {
  using Mode = checks::Control::Mode;
  for (const auto mode : {Mode::kAutomated, Mode::kPartial, Mode::kManual})
    if (name == checks::name_of(mode)) return word_for(mode).in(language);
  return std::string(name);
}

std::string frequency_word(std::string_view name, Language language) {
  static const std::map<std::string_view, Text> kWords = {
      {"monthly", {"monthly", "每月"}},
      {"quarterly", {"quarterly", "每季"}},
      {"half-yearly", {"half-yearly", "每半年"}},
      {"yearly", {"yearly", "每年"}},
      {"two-yearly", {"every two years", "每二年"}},
      {"regular", {"regularly", "定期"}}};
  const auto known = kWords.find(name);
  return known == kWords.end() ? std::string(name) : known->second.in(language);
}

Colour state_colour(std::string_view name) {
  const auto state = checks::state_from(name);
  return state ? colour_of(*state) : Colour::kPlain;
}

Colour severity_colour(std::string_view name) {
  const auto severity = checks::severity_from(name);
  return severity ? colour_of(*severity) : Colour::kPlain;
}

std::string percent(std::optional<double> part) {
  if (!part) return "–";
  // The small addition keeps 0.29 * 100 from being called 28.
  return std::to_string(static_cast<int>(std::floor(*part * 100 + 1e-9))) + " %";
}

}  // namespace assay::cli
