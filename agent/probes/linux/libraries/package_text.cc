#include "agent/probes/linux/libraries/package_text.h"

#include "agent/probes/linux/text/lines.h"

namespace assay::agent {

std::string shortened(std::string_view text) {
  if (text.size() <= kMaxWordsBytes) return std::string(text);
  auto end = kMaxWordsBytes;
  const auto is_continuation = [](char c) {
    return (static_cast<unsigned char>(c) & 0xC0U) == 0x80U;
  };
  while (end > 0 && is_continuation(text[end])) --end;
  return std::string(text.substr(0, end)).append("…");
}

std::string names_of_people(std::string_view text) {
  std::string names;
  while (!text.empty()) {
    const auto comma = text.find(',');
    auto one = text.substr(0, comma);
    text.remove_prefix(comma == std::string_view::npos ? text.size() : comma + 1);
    one = trimmed(one.substr(0, one.find_first_of("<(")));
    if (one.size() >= 2 && one.starts_with('"') && one.ends_with('"'))
      one = one.substr(1, one.size() - 2);
    if (one.empty() || one.find('@') != std::string_view::npos) continue;
    if (!names.empty()) names += ", ";
    names += one;
  }
  return shortened(names);
}

std::string without_user(std::string_view url) {
  const auto scheme = url.find("://");
  const auto begin = scheme == std::string_view::npos ? 0 : scheme + 3;
  const auto end = std::min(url.find_first_of("/?#", begin), url.size());
  const auto at = url.substr(begin, end - begin).rfind('@');
  if (at == std::string_view::npos) return shortened(url);
  return shortened(std::string(url.substr(0, begin)).append(url.substr(begin + at + 1)));
}

}  // namespace assay::agent
