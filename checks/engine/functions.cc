#include "checks/engine/functions.h"

#include <sqlite3.h>

#include <algorithm>
#include <array>
#include <bitset>
#include <cstdint>
#include <cstring>
#include <memory>
#include <optional>
#include <ranges>
#include <string>
#include <vector>

#include "checks/engine/addresses.h"
#include "checks/engine/rpm_version.h"
#include "checks/engine/versions.h"
#include "evidence/timestamp.h"

namespace assay::checks {

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

template <int (*compare)(std::string_view, std::string_view)>
void compare_function(sqlite3_context* context, int, sqlite3_value** arguments) {
  const auto a = argument(arguments[0]);
  const auto b = argument(arguments[1]);
  if (a && b) sqlite3_result_int(context, compare(*a, *b));
}

void class_function(sqlite3_context* context, int, sqlite3_value** arguments) {
  const auto text = argument(arguments[0]);
  if (!text) return;
  if (const auto name = address_class(*text)) answer(context, *name);
}

void network_function(sqlite3_context* context, int, sqlite3_value** arguments) {
  const auto address = argument(arguments[0]);
  const auto network = argument(arguments[1]);
  if (!address || !network) return;
  if (const auto inside = is_in_network(*address, *network))
    sqlite3_result_int(context, *inside ? 1 : 0);
}

// A to Z as a to z. In blocks, which the compiler turns into a few instructions each.
void fold(std::string_view text, std::string& out) {
  using Block = std::array<std::uint8_t, 16>;
  out.assign(text);
  out.resize((text.size() + sizeof(Block) - 1) / sizeof(Block) * sizeof(Block));
  for (std::size_t at = 0; at < out.size(); at += sizeof(Block)) {
    Block block;
    std::memcpy(block.data(), out.data() + at, sizeof block);
    for (auto& c : block) c = static_cast<std::uint8_t>(c + (c >= 'A' && c <= 'Z' ? 32 : 0));
    std::memcpy(out.data() + at, block.data(), sizeof block);
  }
  out.resize(text.size());
}

// The parts of a list "a|b|c", to be found in folded texts. Most texts hold none of the parts, and
// most places of a text no part's first two bytes.
class Parts {
 public:
  explicit Parts(std::string_view list);
  [[nodiscard]] bool is_in(std::string_view folded) const;

 private:
  static std::size_t pair(char first, char second) {
    return static_cast<std::size_t>(static_cast<std::uint8_t>(first)) << 8U |
           static_cast<std::uint8_t>(second);
  }
  std::vector<std::string> parts_;
  std::bitset<1U << 16U> begins_;
  bool has_short_ = false;  // a part of one byte
};

Parts::Parts(std::string_view list) {
  for (const auto part : std::views::split(list, '|')) {
    if (part.empty()) continue;
    auto& text = parts_.emplace_back();
    fold({part.begin(), part.end()}, text);
    if (text.size() > 1)
      begins_.set(pair(text[0], text[1]));
    else
      has_short_ = true;
  }
}

bool Parts::is_in(std::string_view folded) const {
  const auto is_at = [&](std::size_t place) {
    return std::ranges::any_of(
        parts_, [&](const auto& part) { return folded.substr(place).starts_with(part); });
  };
  for (std::size_t i = 0; i + 1 < folded.size(); ++i)
    if ((has_short_ || begins_[pair(folded[i], folded[i + 1])]) && is_at(i)) return true;
  return has_short_ && !folded.empty() && is_at(folded.size() - 1);
}

// Asked of each row of the largest tables. SQLite keeps what is made of an argument that is the
// same for all rows.
void contains_function(sqlite3_context* context, int, sqlite3_value** arguments) {
  thread_local std::string folded;
  const auto text = argument(arguments[0]);
  const auto list = argument(arguments[1]);
  if (!text || !list) return;
  fold(*text, folded);
  if (const auto* kept = static_cast<const Parts*>(sqlite3_get_auxdata(context, 1))) {
    sqlite3_result_int(context, kept->is_in(folded) ? 1 : 0);
    return;
  }
  auto parts = std::make_unique<Parts>(*list);
  sqlite3_result_int(context, parts->is_in(folded) ? 1 : 0);
  // SQLite may delete it at once.
  sqlite3_set_auxdata(context, 1, parts.release(),
                      [](void* kept) { delete static_cast<Parts*>(kept); });
}

struct Function {
  const char* name;
  int arguments;
  void (*call)(sqlite3_context*, int, sqlite3_value**);
};
constexpr std::array<Function, 8> kFunctions = {
    {{"days", 1, days_function},
     {"upstream_version", 1, upstream_function},
     {"cycle_matches", 2, cycle_function},
     {"dpkg_compare", 2, compare_function<dpkg_compare>},
     {"rpm_compare", 2, compare_function<rpm_compare>},
     {"address_class", 1, class_function},
     {"in_network", 2, network_function},
     {"contains_any", 2, contains_function}}};

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
