#include "agent/probes/linux/updates/rpm/held_packages.h"

#include <algorithm>

#include "agent/probes/linux/text/file_patterns.h"
#include "agent/probes/linux/text/lines.h"

namespace assay::agent {
namespace {

constexpr std::size_t kMaxPatterns = 10'000;

constexpr std::array<std::string_view, 2> kVersionLocks = {
    "/etc/dnf/plugins/versionlock.list", "/etc/yum/pluginconf.d/versionlock.list"};
constexpr std::string_view kVersionLocks5 = "/etc/dnf/versionlock.toml";
constexpr std::string_view kZypperLocks = "/etc/zypp/locks";

// Words between commas and white space.
void add_words(std::string_view text, std::vector<std::string>& words) {
  constexpr std::string_view kBetween = ", \t\r\n";
  while (words.size() < kMaxPatterns) {
    const auto begin = text.find_first_not_of(kBetween);
    if (begin == std::string_view::npos) return;
    text.remove_prefix(begin);
    const auto word = text.substr(0, text.find_first_of(kBetween));
    words.emplace_back(word);
    text.remove_prefix(word.size());
  }
}

void add_setting(const RepositorySettings& settings, std::string_view key,
                 std::vector<std::string>& words) {
  if (const auto found = settings.find(key); found != settings.end())
    add_words(found->second, words);
}

// Empty when the file is not there.
Result<std::string> read_if_any(Host& host, std::string_view path) {
  auto text = host.read_file(path, kMaxConfigBytes);
  if (!text && text.error().code() == Code::kNotFound) return std::string();
  return text;
}

// `key` = "value" or key: value, as versionlock.toml and zypper's locks have them.
std::string_view value_of(std::string_view line, std::string_view key, char sign) {
  line = trimmed(line);
  if (!line.starts_with(key)) return {};
  line = trimmed(line.substr(key.size()));
  if (!line.starts_with(sign)) return {};
  line = trimmed(line.substr(1));
  if (line.size() >= 2 && (line.front() == '"' || line.front() == '\'') &&
      line.back() == line.front())
    line = line.substr(1, line.size() - 2);
  return line;
}

}  // namespace

std::string name_in_version_lock(std::string_view line) {
  line = trimmed(line);
  // '!' locks one version out, and the others stay offered.
  if (line.empty() || line.front() == '#' || line.front() == '!') return {};
  for (int i = 0; i < 2; ++i) {
    const auto dash = line.rfind('-');
    if (dash == std::string_view::npos) return i == 0 ? std::string(line) : std::string();
    line = line.substr(0, dash);
  }
  // yum writes the epoch before the name.
  const auto digits = line.find_first_not_of("0123456789");
  if (digits != std::string_view::npos && digits > 0 && line[digits] == ':')
    line.remove_prefix(digits + 1);
  return std::string(line);
}

bool means_rpm(std::string_view pattern, const OfferedRpm& package) {
  const auto colon = package.version.find(':');
  const auto bare = colon == std::string::npos ? package.version : package.version.substr(colon + 1);
  const auto full = colon == std::string::npos ? "0:" + package.version : package.version;
  for (const auto& text :
       {package.name, package.name + "." + package.arch, package.name + "-" + bare,
        package.name + "-" + bare + "." + package.arch, package.name + "-" + full,
        package.name + "-" + full + "." + package.arch})
    if (pattern == text || matches_pattern(pattern, text)) return true;
  return false;
}

Result<HeldPackages> HeldPackages::read(Host& host, const std::vector<Repository>& repositories) {
  HeldPackages held;
  for (const auto& repository : repositories) {
    auto& of = held.of_repositories_.emplace_back();
    // An update that is excluded everywhere is none for dnf, and still one for who asks what is
    // missing.
    for (const auto* settings : {&repository.settings, repository.main.get()})
      for (const std::string_view key : {"exclude", "excludepkgs"})
        add_setting(*settings, key, of.excludes);
    for (const std::string_view key : {"includepkgs", "includepkg"})
      add_setting(repository.settings, key, of.includes);
  }
  const auto add_lock = [&](std::string_view name) {
    if (!name.empty() && held.locks_.size() < kMaxPatterns) held.locks_.emplace_back(name);
  };
  for (const auto path : kVersionLocks) {
    const auto text = read_if_any(host, path);
    if (!text) return fail(text.error());
    Lines lines(*text);
    while (const auto line = lines.next()) add_lock(name_in_version_lock(*line));
  }
  const auto locks5 = read_if_any(host, kVersionLocks5);
  if (!locks5) return fail(locks5.error());
  Lines toml(*locks5);
  while (const auto line = toml.next()) add_lock(value_of(*line, "name", '='));
  const auto zypper = read_if_any(host, kZypperLocks);
  if (!zypper) return fail(zypper.error());
  Lines locks(*zypper);
  while (const auto line = locks.next()) add_lock(value_of(*line, "solvable_name", ':'));
  return held;
}

bool HeldPackages::holds(const OfferedRpm& offered, std::size_t repository) const {
  const auto means = [&](const std::string& pattern) { return means_rpm(pattern, offered); };
  return std::ranges::any_of(locks_, means) ||
         std::ranges::any_of(of_repositories_[repository].excludes, means);
}

bool HeldPackages::takes(const OfferedRpm& offered, std::size_t repository) const {
  const auto& includes = of_repositories_[repository].includes;
  return includes.empty() || std::ranges::any_of(includes, [&](const std::string& pattern) {
           return means_rpm(pattern, offered);
         });
}

}  // namespace assay::agent
