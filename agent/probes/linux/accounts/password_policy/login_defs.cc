#include "agent/probes/linux/accounts/password_policy/login_defs.h"

#include <fmt/format.h>

#include <cerrno>
#include <cstdlib>

namespace assay::agent {
namespace {

// As shadow reads a number: all of the text, decimal, 0x… or 0….
std::optional<std::int64_t> shadow_number(const std::string& text) {
  if (text.empty()) return std::nullopt;
  char* end = nullptr;
  errno = 0;
  const long value = std::strtol(text.c_str(), &end, 0);
  if (errno != 0 || *end != '\0') return std::nullopt;
  return value;
}

AgeingDays days_from(const FileSetting& setting) {
  AgeingDays result{.days = {}, .where = setting.where, .problem = {}};
  const auto number = shadow_number(setting.value);
  if (!number || *number < -1) {
    result.problem = fmt::format("{}: '{}' is not a number of days, the line has no effect",
                                 setting.where.text(), setting.value);
  } else if (*number >= 0) {
    result.days = number;
  }
  return result;
}

// useradd takes "INACTIVE=" only at the very start of a line, and all the rest as the value.
Status read_useradd(Host& host, LoginDefs& defs) {
  constexpr std::string_view kKey = "INACTIVE=";
  const auto text = read_optional(host, kUseraddDefaults);
  if (!text) return fail(text.error());
  std::string_view rest = *text ? std::string_view(**text) : std::string_view();
  for (std::int64_t number = 1; !rest.empty(); ++number) {
    const auto end = rest.find('\n');
    const auto line = rest.substr(0, end);
    rest.remove_prefix(end == std::string_view::npos ? rest.size() : end + 1);
    if (!line.starts_with(kKey)) continue;
    auto found = days_from({.name = "INACTIVE",
                            .value = std::string(line.substr(kKey.size())),
                            .where = {std::string(kUseraddDefaults), number}});
    if (found.problem.empty()) {
      defs.inactive = found;
    } else {
      defs.inactive.problem = found.problem;
    }
  }
  return {};
}

}  // namespace

Result<LoginDefs> read_login_defs(Host& host) {
  LoginDefs defs;
  const auto text = read_optional(host, kLoginDefs);
  if (!text) return fail(text.error());
  const auto lines = parse_login_defs(text->value_or(""), kLoginDefs);
  if (!lines) return fail(lines.error());
  for (const auto& line : *lines) {
    // A later line replaces an earlier one.
    if (equals_ignoring_case(line.name, "PASS_MAX_DAYS")) defs.max_days = days_from(line);
    if (equals_ignoring_case(line.name, "PASS_MIN_DAYS")) defs.min_days = days_from(line);
    if (equals_ignoring_case(line.name, "PASS_WARN_AGE")) defs.warn_age = days_from(line);
    if (equals_ignoring_case(line.name, "PASS_MIN_LEN")) defs.min_len = line.where;
    if (equals_ignoring_case(line.name, "ENCRYPT_METHOD") && !defs.encrypt_method) {
      defs.encrypt_method = line;
    }
  }
  if (auto done = read_useradd(host, defs); !done) return fail(done.error());
  return defs;
}

}  // namespace assay::agent
