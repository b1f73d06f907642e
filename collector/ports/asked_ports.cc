#include "collector/ports/asked_ports.h"

#include <algorithm>
#include <charconv>
#include <optional>
#include <ranges>

namespace assay::collector {
namespace {

constexpr std::int64_t kLastPort = 65'535;

std::optional<std::int64_t> port_from(std::string_view text) {
  std::int64_t port = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), port);
  if (error != std::errc{} || end != text.data() + text.size()) return std::nullopt;
  return port >= 0 && port <= kLastPort ? std::optional(port) : std::nullopt;
}

}  // namespace

AskedPorts::AskedPorts(std::string_view text) {
  for (const auto part : std::views::split(text, ',')) {
    const std::string_view item(part.begin(), part.end());
    const auto dash = item.find('-');
    const auto first = port_from(item.substr(0, dash));
    const auto last = dash == std::string_view::npos ? first : port_from(item.substr(dash + 1));
    if (!first || !last || *last < *first) continue;
    ranges_.emplace_back(*first, *last);
    count_ += *last - *first + 1;
  }
}

bool AskedPorts::holds(std::int64_t port) const {
  return std::ranges::any_of(
      ranges_, [port](const auto& range) { return range.first <= port && port <= range.second; });
}

}  // namespace assay::collector
