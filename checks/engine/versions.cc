#include "checks/engine/versions.h"

namespace assay::checks {

namespace {

bool is_digit(char c) {
  return c >= '0' && c <= '9';
}
bool is_letter(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

// Debian Policy §5.6.12: the weight of a character in the non-digit part.
int weight(std::string_view text, std::size_t at) {
  if (at >= text.size() || is_digit(text[at])) return 0;
  const char c = text[at];
  if (c == '~') return -1;
  return is_letter(c) ? static_cast<unsigned char>(c) : static_cast<unsigned char>(c) + 256;
}

int compare_part(std::string_view a, std::string_view b) {
  std::size_t i = 0;
  std::size_t j = 0;
  while (i < a.size() || j < b.size()) {
    while ((i < a.size() && !is_digit(a[i])) || (j < b.size() && !is_digit(b[j]))) {
      const int left = weight(a, i);
      const int right = weight(b, j);
      if (left != right) return left < right ? -1 : 1;
      if (i < a.size() && !is_digit(a[i])) ++i;
      if (j < b.size() && !is_digit(b[j])) ++j;
    }
    while (i < a.size() && a[i] == '0') ++i;
    while (j < b.size() && b[j] == '0') ++j;
    int first_difference = 0;
    while (i < a.size() && is_digit(a[i]) && j < b.size() && is_digit(b[j])) {
      if (first_difference == 0 && a[i] != b[j]) first_difference = a[i] < b[j] ? -1 : 1;
      ++i;
      ++j;
    }
    if (i < a.size() && is_digit(a[i])) return 1;
    if (j < b.size() && is_digit(b[j])) return -1;
    if (first_difference != 0) return first_difference;
  }
  return 0;
}

struct Version {
  std::string_view epoch;
  std::string_view upstream;
  std::string_view revision;
};

Version split(std::string_view text) {
  Version version;
  if (const auto colon = text.find(':'); colon != std::string_view::npos) {
    version.epoch = text.substr(0, colon);
    text.remove_prefix(colon + 1);
  }
  version.upstream = text;
  if (const auto dash = text.rfind('-'); dash != std::string_view::npos) {
    version.upstream = text.substr(0, dash);
    version.revision = text.substr(dash + 1);
  }
  return version;
}

}  // namespace

std::string upstream_version(std::string_view version) {
  const auto upstream = split(version).upstream;
  return std::string(upstream.substr(0, upstream.find_first_of("+~")));
}

bool cycle_matches(std::string_view version, std::string_view cycle) {
  if (cycle.empty() || !version.starts_with(cycle)) return false;
  if (version.size() == cycle.size()) return true;
  return std::string_view(".-+~:").find(version[cycle.size()]) != std::string_view::npos;
}

int dpkg_compare(std::string_view a, std::string_view b) {
  const Version left = split(a);
  const Version right = split(b);
  if (const int epoch = compare_part(left.epoch, right.epoch); epoch != 0) return epoch;
  if (const int upstream = compare_part(left.upstream, right.upstream); upstream != 0)
    return upstream;
  return compare_part(left.revision, right.revision);
}

}  // namespace assay::checks
