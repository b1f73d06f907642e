#include "checks/engine/functions.h"

#include <arpa/inet.h>
#include <sqlite3.h>

#include <array>
#include <charconv>
#include <cstdint>
#include <cstring>

#include "evidence/timestamp.h"

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

std::string_view class_of_ipv4(const unsigned char* a) {
  if (a[0] == 127) return "loopback";
  if (a[0] == 0 && a[1] == 0 && a[2] == 0 && a[3] == 0) return "any";
  if (a[0] == 169 && a[1] == 254) return "link_local";
  if (a[0] == 10 || (a[0] == 172 && (a[1] & 0xf0) == 16) || (a[0] == 192 && a[1] == 168) ||
      (a[0] == 100 && (a[1] & 0xc0) == 64))
    return "private";
  return "public";
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

std::optional<std::string_view> address_class(std::string_view address) {
  const std::string text(address.substr(0, address.find('%')));
  std::array<unsigned char, 16> a{};
  if (inet_pton(AF_INET, text.c_str(), a.data()) == 1) return class_of_ipv4(a.data());
  if (inet_pton(AF_INET6, text.c_str(), a.data()) != 1) return std::nullopt;
  static constexpr std::array<unsigned char, 16> kAny{};
  static constexpr std::array<unsigned char, 16> kLoopback{0, 0, 0, 0, 0, 0, 0, 0,
                                                           0, 0, 0, 0, 0, 0, 0, 1};
  static constexpr std::array<unsigned char, 12> kMapped{0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff};
  if (a == kAny) return "any";
  if (a == kLoopback) return "loopback";
  if (std::memcmp(a.data(), kMapped.data(), kMapped.size()) == 0) return class_of_ipv4(&a[12]);
  if (a[0] == 0xfe && (a[1] & 0xc0) == 0x80) return "link_local";
  if ((a[0] & 0xfe) == 0xfc) return "private";
  return "public";
}

namespace {

std::optional<std::string_view> argument(sqlite3_value* value) {
  const auto* text = sqlite3_value_text(value);
  if (text == nullptr) return std::nullopt;
  return std::string_view(reinterpret_cast<const char*>(text),
                          static_cast<std::size_t>(sqlite3_value_bytes(value)));
}

void answer(sqlite3_context* context, std::string_view text) {
  sqlite3_result_text(context, text.data(), static_cast<int>(text.size()), SQLITE_TRANSIENT);
}

// Every function answers NULL when an argument is NULL; SQLite's result starts as NULL.
void days_function(sqlite3_context* context, int, sqlite3_value** arguments) {
  const auto text = argument(arguments[0]);
  if (!text) return;
  if (const auto date = evidence::from_date(text->substr(0, 10)))
    sqlite3_result_int64(context, date->time_since_epoch().count() / 86'400);
}

void upstream_function(sqlite3_context* context, int, sqlite3_value** arguments) {
  if (const auto text = argument(arguments[0])) answer(context, upstream_version(*text));
}

void cycle_function(sqlite3_context* context, int, sqlite3_value** arguments) {
  const auto version = argument(arguments[0]);
  const auto cycle = argument(arguments[1]);
  if (version && cycle) sqlite3_result_int(context, cycle_matches(*version, *cycle) ? 1 : 0);
}

void compare_function(sqlite3_context* context, int, sqlite3_value** arguments) {
  const auto a = argument(arguments[0]);
  const auto b = argument(arguments[1]);
  if (a && b) sqlite3_result_int(context, dpkg_compare(*a, *b));
}

void class_function(sqlite3_context* context, int, sqlite3_value** arguments) {
  const auto text = argument(arguments[0]);
  if (!text) return;
  if (const auto name = address_class(*text)) answer(context, *name);
}

struct Function {
  const char* name;
  int arguments;
  void (*call)(sqlite3_context*, int, sqlite3_value**);
};
constexpr std::array<Function, 5> kFunctions = {{{"days", 1, days_function},
                                                 {"upstream_version", 1, upstream_function},
                                                 {"cycle_matches", 2, cycle_function},
                                                 {"dpkg_compare", 2, compare_function},
                                                 {"address_class", 1, class_function}}};

}  // namespace

Status add_own_functions(sqlite3* db) {
  constexpr int kFlags = SQLITE_UTF8 | SQLITE_DETERMINISTIC | SQLITE_INNOCUOUS;
  for (const auto& function : kFunctions)
    if (sqlite3_create_function_v2(db, function.name, function.arguments, kFlags, nullptr,
                                   function.call, nullptr, nullptr, nullptr) != SQLITE_OK)
      return fail(Code::kInternal, std::string("adding ") + function.name);
  return {};
}

bool is_own_function(std::string_view name) {
  for (const auto& function : kFunctions)
    if (sqlite3_stricmp(function.name, std::string(name).c_str()) == 0) return true;
  return false;
}

}  // namespace assay::checks
