#include "agent/network/services/protocols/product.h"

#include <algorithm>
#include <cstdint>

namespace assay::agent::services {

namespace {

constexpr std::size_t kMaxValue = 200;

char lower(char c) {
  return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
}
bool is_digit(char c) {
  return c >= '0' && c <= '9';
}
bool is_same(char a, char b) {
  return lower(a) == lower(b);
}

// What begins with a digit: "9.2p1", "3.0.3", "1:4.19"; empty if there is none at its front.
std::string_view version_at(std::string_view text) {
  if (text.empty() || !is_digit(text.front())) return {};
  const auto* const end = std::ranges::find_if_not(text, [](char c) {
    return is_digit(c) || (lower(c) >= 'a' && lower(c) <= 'z') || c == '.' || c == '-' ||
           c == '+' || c == '~' || c == '_';
  });
  auto version = text.substr(0, static_cast<std::size_t>(end - text.begin()));
  while (!version.empty() && (version.back() == '.' || version.back() == '-'))
    version.remove_suffix(1);
  return version.substr(0, 40);
}

}  // namespace

void Facts::add(std::string_view name, std::string_view value) {
  if (details.size() >= kMaxDetails) return;
  details.emplace_back(name, printable(value, kMaxValue));
}

void Facts::add_once(std::string_view name, std::string_view value) {
  const std::pair<std::string, std::string> one(name, printable(value, kMaxValue));
  if (std::ranges::find(details, one) == details.end()) add(name, value);
}

std::string printable(std::string_view text, std::size_t most) {
  std::string out;
  for (const char c : text) {
    if (out.size() == most) break;
    if (c >= ' ' && c <= '~') out += c;
  }
  return out;
}

void note_product(std::string_view text, std::initializer_list<std::string_view> known,
                  Facts* facts) {
  for (const auto name : known) {
    const auto found = std::ranges::search(text, name, is_same);
    if (found.empty()) continue;
    facts->product = name;
    auto rest = text.substr(static_cast<std::size_t>(found.end() - text.begin()));
    constexpr std::size_t kMaxBetween = 10;  // " version "
    for (std::size_t at = 0; at < std::min(rest.size(), kMaxBetween); ++at) {
      if (!is_digit(rest[at])) continue;
      facts->version = version_at(rest.substr(at));
      return;
    }
    return;
  }
}

void note_token(std::string_view text, std::string_view separators, Facts* facts) {
  const auto word = text.substr(0, text.find_first_of(" \t\r\n("));
  const auto at = word.find_first_of(separators);
  facts->product = printable(word.substr(0, at));
  if (at != std::string_view::npos) facts->version = version_at(word.substr(at + 1));
}

bool has_word(std::string_view text, std::string_view word) {
  return !std::ranges::search(text, word, is_same).empty();
}

bool begins_with(std::string_view text, std::string_view word) {
  return text.size() >= word.size() &&
         std::ranges::equal(text.substr(0, word.size()), word, is_same);
}

}  // namespace assay::agent::services
