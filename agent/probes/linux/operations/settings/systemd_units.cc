#include "agent/probes/linux/operations/settings/systemd_units.h"

#include <limits>

#include "agent/probes/linux/text/cells.h"
#include "agent/probes/linux/text/lines.h"

namespace assay::agent {
namespace {

constexpr std::int64_t kDay = 86'400;

struct Unit {
  std::string_view name;
  std::int64_t seconds;
};
constexpr std::array kUnits = {Unit{"", 1},
                               Unit{"s", 1},
                               Unit{"sec", 1},
                               Unit{"second", 1},
                               Unit{"seconds", 1},
                               Unit{"m", 60},
                               Unit{"min", 60},
                               Unit{"minute", 60},
                               Unit{"minutes", 60},
                               Unit{"h", 3600},
                               Unit{"hr", 3600},
                               Unit{"hour", 3600},
                               Unit{"hours", 3600},
                               Unit{"d", kDay},
                               Unit{"day", kDay},
                               Unit{"days", kDay},
                               Unit{"w", 7 * kDay},
                               Unit{"week", 7 * kDay},
                               Unit{"weeks", 7 * kDay},
                               Unit{"M", 2'629'800},
                               Unit{"month", 2'629'800},
                               Unit{"months", 2'629'800},
                               Unit{"y", 31'557'600},
                               Unit{"year", 31'557'600},
                               Unit{"years", 31'557'600}};

std::optional<std::int64_t> product(std::int64_t a, std::int64_t b) {
  std::int64_t result = 0;
  if (__builtin_mul_overflow(a, b, &result)) return std::nullopt;
  return result;
}

}  // namespace

std::optional<std::int64_t> parse_systemd_bytes(std::string_view text) {
  constexpr std::string_view kPowers = "KMGTPE";
  text = trimmed(text);
  std::int64_t factor = 1;
  if (text.ends_with('B')) text.remove_suffix(1);
  if (const auto power = text.empty() ? std::string_view::npos : kPowers.find(text.back());
      power != std::string_view::npos) {
    factor = std::int64_t{1} << (10U * (power + 1));
    text.remove_suffix(1);
  }
  const auto number = decimal(trimmed(text));
  if (!number || *number < 0) return std::nullopt;
  return product(*number, factor);
}

std::optional<std::int64_t> parse_systemd_seconds(std::string_view text) {
  text = trimmed(text);
  if (text == "infinity") return 0;
  if (text.empty()) return std::nullopt;
  std::int64_t total = 0;
  while (!text.empty()) {
    const auto digits = std::min(text.find_first_not_of("0123456789"), text.size());
    const auto number = decimal(text.substr(0, digits));
    text = trimmed(text.substr(digits));
    const auto length = std::min(text.find_first_of(" \t0123456789"), text.size());
    const auto unit = std::ranges::find(kUnits, text.substr(0, length), &Unit::name);
    if (!number || unit == kUnits.end()) return std::nullopt;
    const auto part = product(*number, unit->seconds);
    if (!part || __builtin_add_overflow(total, *part, &total)) return std::nullopt;
    text = trimmed(text.substr(length));
  }
  return total;
}

}  // namespace assay::agent
