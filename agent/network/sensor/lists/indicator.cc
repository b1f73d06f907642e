#include <algorithm>
#include <array>
#include <charconv>

#include "agent/network/sensor/lists/list_parser.h"

namespace assay::agent::sensor {
namespace {

constexpr std::size_t kMaxDomain = 253;
constexpr std::size_t kMaxLabel = 63;
constexpr char32_t kLastCodePoint = 0x10ffff;

std::optional<std::uint16_t> port_from(std::string_view text) {
  std::uint16_t port = 0;
  const auto read = std::from_chars(text.data(), text.data() + text.size(), port);
  if (read.ec != std::errc() || read.ptr != text.data() + text.size() || port == 0)
    return std::nullopt;
  return port;
}

std::optional<ParsedEntry> address_entry(std::string_view text, std::uint16_t port) {
  const auto network = network_from(text);
  if (!network) return std::nullopt;
  ParsedEntry entry;
  entry.kind = network->bits == 128 ? EntryKind::kAddress : EntryKind::kNetwork;
  entry.network = *network;
  entry.port = port;
  return entry;
}

// One code point of UTF-8; nothing when it is malformed: longer than it need be, a half of a pair
// of UTF-16, or beyond the last one, which punycode() would look for without an end.
std::optional<char32_t> take_code_point(std::string_view* text) {
  const auto first = static_cast<unsigned char>(text->front());
  const std::size_t size = first < 0x80 ? 1 : first < 0xe0 ? 2 : first < 0xf0 ? 3 : 4;
  if ((first >= 0x80 && first < 0xc2) || first > 0xf4 || text->size() < size) return std::nullopt;
  char32_t value = size == 1 ? first : first & (0xffU >> (size + 1));
  for (std::size_t at = 1; at < size; ++at) {
    const auto next = static_cast<unsigned char>((*text)[at]);
    if ((next & 0xc0U) != 0x80) return std::nullopt;
    value = value << 6U | (next & 0x3fU);
  }
  constexpr std::array<char32_t, 4> kLeast = {0, 0x80, 0x800, 0x10000};
  const bool is_surrogate = value >= 0xd800 && value <= 0xdfff;
  if (value < kLeast[size - 1] || is_surrogate || value > kLastCodePoint) return std::nullopt;
  *text = text->substr(size);
  return value;
}

// RFC 3492 with the parameters of its section 5.
std::string punycode(const std::u32string& label) {
  constexpr std::uint32_t kBase = 36;
  constexpr std::uint32_t kMin = 1;
  constexpr std::uint32_t kMax = 26;
  std::string out;
  for (const auto each : label)
    if (each < 0x80) out.push_back(static_cast<char>(each));
  auto handled = static_cast<std::uint32_t>(out.size());
  const auto basic = handled;
  if (basic > 0) out.push_back('-');
  std::uint32_t next = 0x80;
  std::uint32_t delta = 0;
  std::uint32_t bias = 72;
  const auto digit = [](std::uint32_t value) {
    return static_cast<char>(value < 26 ? 'a' + value : '0' + (value - 26));
  };
  while (handled < label.size()) {
    char32_t least = kLastCodePoint;
    for (const auto each : label)
      if (each >= next) least = std::min(least, each);
    delta += (static_cast<std::uint32_t>(least) - next) * (handled + 1);
    next = static_cast<std::uint32_t>(least);
    for (const auto each : label) {
      if (each < next) ++delta;
      if (each != next) continue;
      std::uint32_t rest = delta;
      for (std::uint32_t k = kBase;; k += kBase) {
        const auto limit = k <= bias ? kMin : std::min(k - bias, kMax);
        if (rest < limit) break;
        out.push_back(digit(limit + (rest - limit) % (kBase - limit)));
        rest = (rest - limit) / (kBase - limit);
      }
      out.push_back(digit(rest));
      delta = handled == basic ? delta / 700 : delta / 2;
      delta += delta / (handled + 1);
      std::uint32_t k = 0;
      for (; delta > (kBase - kMin) * kMax / 2; k += kBase) delta /= kBase - kMin;
      bias = k + (kBase - kMin + 1) * delta / (delta + 38);
      delta = 0;
      ++handled;
    }
    ++delta;
    ++next;
  }
  return out;
}

// A label in A-form; nothing when it is none.
std::optional<std::string> label_from(const std::u32string& label) {
  if (label.empty() || label.size() > kMaxLabel) return std::nullopt;
  const bool is_ascii = std::ranges::all_of(label, [](char32_t each) { return each < 0x80; });
  std::string text;
  if (is_ascii)
    for (const auto each : label) text.push_back(static_cast<char>(each));
  else
    text = "xn--" + punycode(label);
  const bool is_valid = std::ranges::all_of(text, [](char each) {
    return (each >= 'a' && each <= 'z') || (each >= '0' && each <= '9') || each == '-' ||
           each == '_';
  });
  return is_valid && text.size() <= kMaxLabel ? std::optional(text) : std::nullopt;
}

}  // namespace

std::string_view name_of(EntryKind kind) {
  switch (kind) {
    case EntryKind::kAddress: return "address";
    case EntryKind::kNetwork: return "network";
    case EntryKind::kDomain: return "domain";
  }
  return "address";
}

std::optional<std::string> domain_from(std::string_view text) {
  if (text.ends_with('.')) text.remove_suffix(1);
  if (text.size() > 4 * kMaxDomain) return std::nullopt;
  std::string domain;
  std::u32string label;
  std::size_t labels = 0;
  const auto end_label = [&] {
    const auto made = label_from(label);
    if (!made) return false;
    if (!domain.empty()) domain.push_back('.');
    domain += *made;
    label.clear();
    ++labels;
    return true;
  };
  while (!text.empty()) {
    auto point = take_code_point(&text);
    if (!point) return std::nullopt;
    if (*point >= 'A' && *point <= 'Z') *point += 'a' - 'A';
    // The full stops that RFC 3490 §3.1 counts as separators.
    const bool is_dot = *point == '.' || *point == 0x3002 || *point == 0xff0e || *point == 0xff61;
    if (!is_dot)
      label.push_back(*point);
    else if (!end_label())
      return std::nullopt;
  }
  // The last label has a letter: 300.1.2.3 and 192.0.2 are no names.
  const bool is_number = std::ranges::all_of(label, [](char32_t each) { return each < 'A'; });
  if (is_number || !end_label() || labels < 2 || domain.size() > kMaxDomain) return std::nullopt;
  return domain;
}

std::optional<ParsedEntry> parse_indicator(std::string_view text) {
  if (auto entry = address_entry(text, 0)) return entry;
  const auto colon = text.rfind(':');
  std::uint16_t port = 0;
  if (colon != std::string_view::npos) {
    const auto number = port_from(text.substr(colon + 1));
    if (!number) return std::nullopt;
    port = *number;
    text = text.substr(0, colon);
    if (text.starts_with('[') && text.ends_with(']')) text = text.substr(1, text.size() - 2);
    if (text.find('/') != std::string_view::npos) return std::nullopt;
    if (auto entry = address_entry(text, port)) return entry;
  }
  auto domain = domain_from(text);
  if (!domain) return std::nullopt;
  ParsedEntry entry;
  entry.kind = EntryKind::kDomain;
  entry.port = port;
  entry.domain = std::move(*domain);
  return entry;
}

}  // namespace assay::agent::sensor
