#include "agent/probes/linux/accounts/password_policy/login_defs.h"

#include <fmt/format.h>

#include <cerrno>
#include <cstdlib>
#include <iterator>
#include <map>
#include <utility>

namespace assay::agent {
namespace {

constexpr std::string_view kDistributedDefs = "/usr/etc/login.defs";
constexpr std::string_view kDistributedUseradd = "/usr/etc/default/useradd";

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

// False when there is no such file.
Result<bool> append_file(Host& host, const std::string& path, std::vector<FileSetting>& lines) {
  const auto text = read_optional(host, path);
  if (!text) return fail(text.error());
  if (!*text) return false;
  auto found = parse_login_defs(**text, path);
  if (!found) return fail(found.error());
  std::move(found->begin(), found->end(), std::back_inserter(lines));
  return true;
}

// Name and folder; a file of /etc hides one of the same name of the distributor.
Result<std::map<std::string, std::string_view>> drop_ins(Host& host) {
  std::map<std::string, std::string_view> found;
  for (const std::string_view folder : {"/usr/etc/login.defs.d", "/etc/login.defs.d"}) {
    const auto names = host.list_directory(folder, kMaxDirectoryEntries);
    if (!names && names.error().code() == Code::kNotFound) continue;
    if (!names) return fail(names.error().within(fmt::format("reading {}", folder)));
    for (const auto& name : *names)
      if (name.ends_with(".defs")) found[name] = folder;
  }
  return found;
}

// useradd takes "INACTIVE=" only at the very start of a line, and all the rest as the value.
Status read_useradd(Host& host, LoginDefs& defs) {
  constexpr std::string_view kKey = "INACTIVE=";
  std::string_view path = kUseraddDefaults;
  auto text = read_optional(host, path);
  if (text && !*text) text = read_optional(host, path = kDistributedUseradd);
  if (!text) return fail(text.error());
  std::string_view rest = *text ? std::string_view(**text) : std::string_view();
  for (std::int64_t number = 1; !rest.empty(); ++number) {
    const auto end = rest.find('\n');
    const auto line = rest.substr(0, end);
    rest.remove_prefix(end == std::string_view::npos ? rest.size() : end + 1);
    if (!line.starts_with(kKey)) continue;
    auto found = days_from({.name = "INACTIVE",
                            .value = std::string(line.substr(kKey.size())),
                            .where = {std::string(path), number}});
    if (found.problem.empty()) {
      defs.inactive = found;
    } else {
      defs.inactive.problem = found.problem;
    }
  }
  return {};
}

}  // namespace

Result<std::vector<FileSetting>> read_login_defs_lines(Host& host) {
  std::vector<FileSetting> lines;
  for (const std::string_view path : {kLoginDefs, kDistributedDefs}) {
    const auto found = append_file(host, std::string(path), lines);
    if (!found) return fail(found.error());
    if (*found) break;
  }
  const auto names = drop_ins(host);
  if (!names) return fail(names.error());
  for (const auto& [name, folder] : *names) {
    const auto found = append_file(host, fmt::format("{}/{}", folder, name), lines);
    if (!found) return fail(found.error());
  }
  return lines;
}

Result<LoginDefs> read_login_defs(Host& host) {
  LoginDefs defs;
  const auto lines = read_login_defs_lines(host);
  if (!lines) return fail(lines.error());
  for (const auto& line : *lines) {
    // A later line replaces an earlier one.
    if (equals_ignoring_case(line.name, "PASS_MAX_DAYS")) defs.max_days = days_from(line);
    if (equals_ignoring_case(line.name, "PASS_MIN_DAYS")) defs.min_days = days_from(line);
    if (equals_ignoring_case(line.name, "PASS_WARN_AGE")) defs.warn_age = days_from(line);
    if (equals_ignoring_case(line.name, "PASS_MIN_LEN")) defs.min_len = line.where;
    // Of one file the first counts, of several the last.
    if (equals_ignoring_case(line.name, "ENCRYPT_METHOD") &&
        (!defs.encrypt_method || defs.encrypt_method->where.path != line.where.path)) {
      defs.encrypt_method = line;
    }
  }
  if (auto done = read_useradd(host, defs); !done) return fail(done.error());
  return defs;
}

}  // namespace assay::agent
