#include "agent/probes/linux/accounts/password_policy/pwquality_conf.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <limits>

#include "agent/probes/linux/text/small_letters.h"

namespace assay::agent {
namespace {

constexpr std::int64_t kLowestMinlen = 6;   // a smaller minlen is raised to it
constexpr std::int64_t kCracklibFloor = 6;  // the dictionary check refuses shorter ones itself
constexpr std::int64_t kClasses = 4;
constexpr std::array<std::string_view, 4> kCredits = {"dcredit", "ucredit", "lcredit", "ocredit"};
constexpr std::array<std::string_view, 2> kFlags = {"enforce_for_root", "local_users_only"};
// Known to the library, without a row of their own here.
constexpr std::array<std::string_view, 4> kOtherNumbers = {"maxclassrepeat", "maxsequence",
                                                           "gecoscheck", "usersubstr"};
constexpr std::array<std::string_view, 3> kOtherWords = {"badwords", "dictpath", "retry"};
// Came after 1.2.3; the library holds the names of the settings that it knows in files.
constexpr std::array<std::string_view, 7> kLaterNames = {
    "dictcheck", "usercheck",        "enforcing",       "usersubstr",
    "retry",     "enforce_for_root", "local_users_only"};
constexpr std::string_view kLibrary = "libpwquality.so.1";
constexpr std::size_t kMaxLibraryBytes = 4U << 20U;
// Arguments of the PAM line that are no settings.
constexpr std::array<std::string_view, 8> kLineWords = {
    "debug",        "type",        "difignore",      "reject_username",
    "authtok_type", "use_authtok", "use_first_pass", "try_first_pass"};

bool contains(const auto& names, std::string_view name) {
  return std::ranges::find(names, name) != names.end();
}

// Whether `setting` was understood.
bool add_one(QualitySettings& settings, const FileSetting& setting) {
  const auto name = in_small_letters(setting.name);
  if (contains(kFlags, name)) {
    settings.numbers[name] = {1, setting.where};
    return true;
  }
  if (name == "badwords" || name == "dictpath") return true;
  const bool has_row = settings.numbers.contains(name);
  if (!has_row && !contains(kOtherNumbers, name) && !contains(kOtherWords, name)) return false;
  auto number = whole_number(setting.value);
  if (!number || *number >= std::numeric_limits<int>::max() ||
      *number <= std::numeric_limits<int>::min()) {
    return false;
  }
  if (name == "minlen") number = std::max(*number, kLowestMinlen);
  if (name == "minclass") number = std::min(*number, kClasses);
  if (has_row) settings.numbers[name] = {*number, setting.where};
  return true;
}

// The bytes of the installed library; nothing when it is not found.
Result<std::optional<std::string>> library_of(Host& host) {
  std::vector<std::string> folders = {"/usr/lib64", "/usr/lib", "/lib64", "/lib"};
  for (const auto* parent : {"/usr/lib", "/lib"}) {
    const auto names = host.list_directory(parent, kMaxDirectoryEntries);
    if (!names) continue;  // another folder may still hold it
    for (const auto& name : *names)
      if (name.find("-linux-") != std::string::npos)
        folders.push_back(fmt::format("{}/{}", parent, name));
  }
  for (const auto& folder : folders) {
    auto bytes = host.read_file(fmt::format("{}/{}", folder, kLibrary), kMaxLibraryBytes);
    if (bytes) return std::optional(std::move(*bytes));
    if (bytes.error().code() != Code::kNotFound) {
      return fail(bytes.error().within(fmt::format("reading {}/{}", folder, kLibrary)));
    }
  }
  return std::optional<std::string>();
}

// The defaults of the installed library.
Result<QualitySettings> installed_defaults(Host& host) {
  const auto library = library_of(host);
  if (!library) return fail(library.error());
  auto settings = pwquality_defaults();
  if (!*library) return settings;
  for (const auto name : kLaterNames)
    if ((*library)->find(name) == std::string::npos) settings.unknown_names.emplace(name);
  if (!settings.unknown_names.contains("dictcheck")) return settings;
  // Until 1.2.4 as pam_cracklib, but for the name of the user, which was always looked for.
  auto old = cracklib_defaults();
  old.numbers["usercheck"].value = 1;
  old.unknown_names = std::move(settings.unknown_names);
  return old;
}

Result<bool> add_file(QualitySettings& settings, Host& host, const std::string& path) {
  const auto text = read_optional(host, path);
  if (!text) return fail(text.error());
  if (!*text) return true;
  const auto lines = parse_settings(**text, path);
  if (!lines) return fail(lines.error());
  return add_settings(settings, *lines);
}

// libpwquality takes a name whose first ".conf" ends it.
bool is_drop_in(std::string_view name) {
  return name.ends_with(".conf") && name.find(".conf") == name.size() - 5;
}

}  // namespace

std::int64_t QualitySettings::value(std::string_view name) const {
  const auto found = numbers.find(name);
  return found == numbers.end() ? 0 : found->second.value;
}

const std::optional<Location>& QualitySettings::where(std::string_view name) const {
  static const std::optional<Location> kNowhere;
  const auto found = numbers.find(name);
  return found == numbers.end() ? kNowhere : found->second.where;
}

QualitySettings pwquality_defaults() {
  QualitySettings settings;
  for (const std::string_view name : {"minclass", "dcredit", "ucredit", "lcredit", "ocredit",
                                      "maxrepeat", "enforce_for_root", "local_users_only"}) {
    settings.numbers[std::string(name)] = {};
  }
  settings.numbers["minlen"] = {8, {}};
  for (const std::string_view name : {"difok", "dictcheck", "usercheck", "enforcing"}) {
    settings.numbers[std::string(name)] = {1, {}};
  }
  return settings;
}

QualitySettings cracklib_defaults() {
  auto settings = pwquality_defaults();
  settings.numbers["minlen"].value = 9;
  settings.numbers["difok"].value = 5;
  settings.numbers["usercheck"].value = 0;
  for (const auto name : kCredits) settings.numbers[std::string(name)].value = 1;
  return settings;
}

bool add_settings(QualitySettings& settings, const std::vector<FileSetting>& lines) {
  for (const auto& line : lines) {
    const bool is_known = !settings.unknown_names.contains(in_small_letters(line.name));
    if (is_known && add_one(settings, line)) continue;
    settings.problems.push_back(
        fmt::format("{}: '{}' is not understood; libpwquality stops reading its files at this line",
                    line.where.text(), line.name));
    return false;
  }
  return true;
}

Result<QualitySettings> read_pwquality_conf(Host& host) {
  auto defaults = installed_defaults(host);
  if (!defaults) return fail(defaults.error());
  auto settings = std::move(*defaults);
  const auto folder = fmt::format("{}.d", kPwqualityConf);
  const auto names = host.list_directory(folder, kMaxDirectoryEntries);
  if (!names && names.error().code() != Code::kNotFound) {
    return fail(names.error().within(fmt::format("listing {}", folder)));
  }
  const bool reads_drop_ins = !settings.unknown_names.contains("dictcheck");  // both of 1.3.0
  if (names && reads_drop_ins) {
    for (const auto& name : *names) {
      if (!is_drop_in(name)) continue;
      const auto may_go_on = add_file(settings, host, fmt::format("{}/{}", folder, name));
      if (!may_go_on) return fail(may_go_on.error());
      if (!*may_go_on) return settings;
    }
  }
  const auto may_go_on = add_file(settings, host, std::string(kPwqualityConf));
  if (!may_go_on) return fail(may_go_on.error());
  return settings;
}

void add_arguments(QualitySettings& settings, const PamEntry& entry) {
  for (const std::string_view argument : entry.arguments) {
    const auto equals = std::min(argument.size(), argument.find('='));
    const auto name = argument.substr(0, equals);
    if (entry.module == "pam_cracklib" && name == "reject_username") {
      settings.numbers["usercheck"] = {1, entry.where};
    }
    if (contains(kLineWords, name)) continue;
    const FileSetting setting{
        .name = std::string(name),
        .value = std::string(argument.substr(std::min(argument.size(), equals + 1))),
        .where = entry.where};
    if (add_one(settings, setting)) continue;
    settings.problems.push_back(fmt::format("{}: the argument '{}' is not understood and ignored",
                                            entry.where.text(), argument));
  }
}

std::int64_t shortest_accepted(const QualitySettings& settings) {
  std::int64_t needed = 0;  // characters of classes that are asked for
  std::int64_t credit = 0;
  for (const auto name : kCredits) {
    const auto value = settings.value(name);
    (value < 0 ? needed : credit) += value < 0 ? -value : value;
  }
  // Characters that are asked for earn no credit; of the rest each may count twice.
  const auto rest = std::max<std::int64_t>(0, settings.value("minlen") - needed);
  const auto typed = rest <= 2 * credit ? (rest + 1) / 2 : rest - credit;
  const auto floor = settings.value("dictcheck") != 0 ? kCracklibFloor : std::int64_t{1};
  return std::max(needed + typed, floor);
}

std::int64_t classes_required(const QualitySettings& settings) {
  const auto demanded = std::ranges::count_if(
      kCredits, [&](std::string_view name) { return settings.value(name) < 0; });
  return std::max<std::int64_t>({0, settings.value("minclass"), demanded});
}

}  // namespace assay::agent
