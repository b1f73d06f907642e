#include "agent/probes/linux/hardening/desktop/time_span.h"

#include <array>
#include <vector>

#include "agent/probes/linux/text/cells.h"
#include "agent/probes/linux/text/lines.h"

namespace assay::agent {
namespace {

constexpr std::int64_t kMostSeconds = std::int64_t{100} * 365 * 86'400;

struct Unit {
  std::string_view name;
  std::int64_t seconds;
};
constexpr auto kUnits = std::to_array<Unit>({{"", 1},
                                             {"s", 1},
                                             {"sec", 1},
                                             {"second", 1},
                                             {"seconds", 1},
                                             {"m", 60},
                                             {"min", 60},
                                             {"minute", 60},
                                             {"minutes", 60},
                                             {"h", 3600},
                                             {"hr", 3600},
                                             {"hour", 3600},
                                             {"hours", 3600},
                                             {"d", 86'400},
                                             {"day", 86'400},
                                             {"days", 86'400},
                                             {"w", 604'800},
                                             {"week", 604'800},
                                             {"weeks", 604'800}});

}  // namespace

std::optional<std::int64_t> systemd_seconds(std::string_view text) {
  text = trimmed(text);
  if (text == "infinity") return 0;
  if (text.empty()) return std::nullopt;
  std::int64_t total = 0;
  while (!text.empty()) {
    const auto digits = std::min(text.find_first_not_of("0123456789"), text.size());
    const auto number = decimal(text.substr(0, digits));
    if (!number || *number > kMostSeconds) return std::nullopt;
    text = trimmed(text.substr(digits));
    const auto letters =
        std::min(text.find_first_not_of("abcdefghijklmnopqrstuvwxyz"), text.size());
    const auto unit = std::ranges::find(kUnits, text.substr(0, letters), &Unit::name);
    if (unit == kUnits.end()) return std::nullopt;
    total = std::min(total + *number * unit->seconds, kMostSeconds);
    text = trimmed(text.substr(letters));
  }
  return total;
}

std::optional<std::int64_t> clock_seconds(std::string_view text) {
  text = trimmed(text);
  std::vector<std::int64_t> parts;
  while (true) {
    const auto colon = text.find(':');
    const auto number = decimal(text.substr(0, colon));
    if (!number || *number < 0 || *number > 100'000 || parts.size() == 3) return std::nullopt;
    parts.push_back(*number);
    if (colon == std::string_view::npos) break;
    text.remove_prefix(colon + 1);
  }
  if (parts.size() == 1) return parts[0] * 60;
  if (parts.size() == 2) return parts[0] * 60 + parts[1];
  return parts[0] * 3600 + parts[1] * 60 + parts[2];
}

}  // namespace assay::agent
