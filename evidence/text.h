// A sentence for people, in every language that Assay speaks.
#pragma once

#include <string>
#include <string_view>

namespace assay {

enum class Language { kEnglish, kChinese };  // zh-TW is the only Chinese we write

struct Text {
  std::string en;
  std::string zh_tw;

  [[nodiscard]] const std::string& in(Language language) const {
    return language == Language::kChinese ? zh_tw : en;
  }
};

// From `--lang` (wins if not empty), else LC_ALL, LC_MESSAGES, LANG in that
// order as POSIX has it: any zh* is Chinese, everything else English.
[[nodiscard]] Language language_from(std::string_view option);

}  // namespace assay
