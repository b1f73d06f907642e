#include "evidence/text.h"

#include <cstdlib>

namespace assay {

Language language_from(std::string_view option) {
  const auto decide = [](std::string_view name) {
    return name.starts_with("zh") ? Language::kChinese : Language::kEnglish;
  };
  if (!option.empty()) return decide(option);
  for (const char* variable : {"LC_ALL", "LC_MESSAGES", "LANG"}) {
    const char* value = std::getenv(variable);
    if (value != nullptr && *value != '\0') return decide(value);
  }
  return Language::kEnglish;
}

}  // namespace assay
