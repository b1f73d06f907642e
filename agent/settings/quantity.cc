#include "agent/settings/quantity.h"

#include <array>
#include <charconv>
#include <limits>
#include <span>

namespace assay::agent {

namespace {

struct Unit {
  std::string_view name;
  std::int64_t size;
};
// Largest first; the last is what a bare number means.
constexpr std::array kDurations{Unit{"d", 86400}, Unit{"h", 3600}, Unit{"m", 60}, Unit{"s", 1}};
constexpr std::array kSizes{Unit{"GiB", 1 << 30}, Unit{"MiB", 1 << 20}, Unit{"KiB", 1 << 10},
                            Unit{"", 1}};

Result<std::int64_t> quantity_from(std::string_view text, std::span<const Unit> units,
                                   std::string_view example) {
  const auto wrong =
      fail(Code::kConfiguration,
           "\"" + std::string(text) + "\" is not understood; " + std::string(example));
  std::int64_t number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc() || number < 0) return wrong;
  const std::string_view name(end, static_cast<std::size_t>(text.data() + text.size() - end));
  if (name.empty()) return number;
  for (const auto& unit : units) {
    if (unit.name != name) continue;
    if (number > std::numeric_limits<std::int64_t>::max() / unit.size) return wrong;
    return number * unit.size;
  }
  return wrong;
}

std::string text_of(std::int64_t amount, std::span<const Unit> units) {
  for (const auto& unit : units)
    if (amount != 0 && amount % unit.size == 0)
      return std::to_string(amount / unit.size) + std::string(unit.name);
  return std::to_string(amount);
}

}  // namespace

Result<std::chrono::seconds> duration_from(std::string_view text) {
  const auto number = quantity_from(text, kDurations, "write 90s, 15m, 1h or 7d");
  if (!number) return fail(number.error());
  return std::chrono::seconds(*number);
}

Result<std::int64_t> bytes_from(std::string_view text) {
  return quantity_from(text, kSizes, "write 64KiB, 512MiB or 1GiB");
}

std::string to_text(std::chrono::seconds duration) {
  return text_of(duration.count(), kDurations);
}

std::string bytes_to_text(std::int64_t bytes) {
  return text_of(bytes, kSizes);
}

}  // namespace assay::agent
