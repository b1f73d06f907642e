#include "checks/engine/rpm_version.h"

#include <algorithm>
#include <optional>

namespace assay::checks {
namespace {

bool is_digit(char c) {
  return c >= '0' && c <= '9';
}
bool is_letter(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}
bool is_separator(char c) {
  return !is_digit(c) && !is_letter(c) && c != '~' && c != '^';
}

int sign(int number) {
  return number < 0 ? -1 : number > 0 ? 1 : 0;
}

void skip_separators(std::string_view& text) {
  const auto* const end = std::ranges::find_if_not(text, is_separator);
  text.remove_prefix(static_cast<std::size_t>(end - text.begin()));
}

std::string_view take_run(std::string_view& text, bool (*belongs)(char)) {
  const auto* const end = std::ranges::find_if_not(text, belongs);
  const auto run = text.substr(0, static_cast<std::size_t>(end - text.begin()));
  text.remove_prefix(run.size());
  return run;
}

// A run of digits is a number of any length.
int compare_numbers(std::string_view a, std::string_view b) {
  a.remove_prefix(std::min(a.find_first_not_of('0'), a.size()));
  b.remove_prefix(std::min(b.find_first_not_of('0'), b.size()));
  if (a.size() != b.size()) return a.size() < b.size() ? -1 : 1;
  return sign(a.compare(b));
}

// `~` and `^` at the front of either: decided, or (nothing) taken off both or off none.
std::optional<int> compare_marks(std::string_view a, std::string_view b) {
  if (a.starts_with('~') != b.starts_with('~')) return a.starts_with('~') ? -1 : 1;
  if (a.starts_with('^') == b.starts_with('^')) return std::nullopt;
  if (a.empty()) return -1;
  if (b.empty()) return 1;
  return a.starts_with('^') ? -1 : 1;
}

int compare_part(std::string_view a, std::string_view b) {
  if (a == b) return 0;
  while (!a.empty() || !b.empty()) {
    skip_separators(a);
    skip_separators(b);
    if (const auto decided = compare_marks(a, b)) return *decided;
    if (a.starts_with('~') || a.starts_with('^')) {
      a.remove_prefix(1);
      b.remove_prefix(1);
      continue;
    }
    if (a.empty() || b.empty()) break;
    const bool is_number = is_digit(a.front());
    // A number is newer than letters.
    if (is_number != is_digit(b.front())) return is_number ? 1 : -1;
    const auto left = take_run(a, is_number ? is_digit : is_letter);
    const auto right = take_run(b, is_number ? is_digit : is_letter);
    const int order = is_number ? compare_numbers(left, right) : sign(left.compare(right));
    if (order != 0) return order;
  }
  return a.empty() && b.empty() ? 0 : a.empty() ? -1 : 1;
}

struct Version {
  std::string_view epoch = "0";
  std::string_view version;
  std::optional<std::string_view> release;
};

Version split(std::string_view text) {
  Version parts;
  const auto digits = std::min(text.find_first_not_of("0123456789"), text.size());
  if (digits < text.size() && text[digits] == ':') {
    if (digits > 0) parts.epoch = text.substr(0, digits);
    text.remove_prefix(digits + 1);
  }
  parts.version = text;
  if (const auto dash = text.rfind('-'); dash != std::string_view::npos) {
    parts.version = text.substr(0, dash);
    parts.release = text.substr(dash + 1);
  }
  return parts;
}

}  // namespace

int rpm_compare(std::string_view a, std::string_view b) {
  const Version left = split(a);
  const Version right = split(b);
  if (const int epoch = compare_part(left.epoch, right.epoch); epoch != 0) return epoch;
  if (const int version = compare_part(left.version, right.version); version != 0) return version;
  if (left.release.has_value() != right.release.has_value()) return left.release ? 1 : -1;
  return left.release ? compare_part(*left.release, *right.release) : 0;
}

}  // namespace assay::checks
