#include "evidence/refusal.h"

#include <algorithm>

namespace assay {

namespace {

// As Sentence has checked it: every "{" begins {} or {0} to {9}.
std::string filled(std::string_view sentence, std::span<const Value> values, Language language) {
  std::string out;
  std::size_t next = 0;
  while (!sentence.empty()) {
    const auto place = std::min(sentence.find('{'), sentence.size());
    out += sentence.substr(0, place);
    sentence.remove_prefix(place);
    if (sentence.empty()) break;
    std::size_t number = next++;
    if (sentence[1] != '}') number = static_cast<std::size_t>(sentence[1] - '0');
    out += values[number].text().in(language);
    sentence.remove_prefix(sentence.find('}') + 1);
  }
  return out;
}

}  // namespace

Text filled(std::string_view en, std::string_view zh_tw, std::span<const Value> values) {
  return {filled(en, values, Language::kEnglish), filled(zh_tw, values, Language::kChinese)};
}

}  // namespace assay
