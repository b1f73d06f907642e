#include "agent/probes/linux/libraries/programs/path_folders.h"

#include <algorithm>
#include <array>

#include "agent/probes/linux/text/lines.h"

namespace assay::agent {
namespace {

constexpr std::array<std::string_view, 10> kUsual = {"/bin",
                                                     "/sbin",
                                                     "/usr/bin",
                                                     "/usr/sbin",
                                                     "/usr/games",
                                                     "/usr/local/bin",
                                                     "/usr/local/sbin",
                                                     "/usr/local/games",
                                                     "/snap/bin",
                                                     "/var/lib/flatpak/exports/bin"};

// Debian's and Fedora's shell profiles name the first two; Go and Rust install to the others.
constexpr std::array<std::string_view, 4> kAtHome = {"/bin", "/.local/bin", "/go/bin",
                                                     "/.cargo/bin"};

constexpr std::size_t kMaxPasswdBytes = 16U << 20U;

std::string_view without_quotes(std::string_view text) {
  if (text.size() >= 2 && (text.front() == '"' || text.front() == '\'') &&
      text.back() == text.front())
    return text.substr(1, text.size() - 2);
  return text;
}

void add_folders(std::string_view path, std::vector<std::string>& folders) {
  while (!path.empty()) {
    const auto end = std::min(path.find(':'), path.size());
    const auto folder = path.substr(0, end);
    // "." and what is not absolute depends on where somebody stands; "$HOME" is looked at anyway.
    if (folder.starts_with('/') && folder.find('$') == std::string_view::npos)
      folders.emplace_back(folder);
    path.remove_prefix(std::min(path.size(), end + 1));
  }
}

// Empty when there is no such file.
Result<std::string> read_if_there(Host& host, std::string_view path, std::size_t most) {
  auto text = host.read_file(path, most);
  if (!text && text.error().code() == Code::kNotFound) return std::string();
  return text;
}

void append(std::vector<std::string> more, std::vector<std::string>& folders) {
  std::ranges::move(more, std::back_inserter(folders));
}

}  // namespace

std::vector<std::string> folders_in_environment(std::string_view text) {
  constexpr std::string_view kExport = "export ";
  constexpr std::string_view kPath = "PATH=";
  std::vector<std::string> folders;
  Lines lines(text);
  while (const auto line = lines.next()) {
    auto setting = trimmed(*line);
    if (setting.starts_with(kExport)) setting = trimmed(setting.substr(kExport.size()));
    if (!setting.starts_with(kPath)) continue;
    add_folders(without_quotes(trimmed(setting.substr(kPath.size()))), folders);
  }
  return folders;
}

std::vector<std::string> folders_in_login_defs(std::string_view text) {
  std::vector<std::string> folders;
  Lines lines(text);
  while (const auto line = lines.next()) {
    const auto setting = trimmed(*line);
    const auto end = std::min(setting.find_first_of(" \t"), setting.size());
    const auto name = setting.substr(0, end);
    if (name != "ENV_PATH" && name != "ENV_SUPATH") continue;
    auto value = trimmed(setting.substr(end));
    if (value.starts_with("PATH=")) value.remove_prefix(5);
    add_folders(without_quotes(value), folders);
  }
  return folders;
}

std::vector<std::string> homes_in_passwd(std::string_view text) {
  constexpr std::array<std::string_view, 7> kNobodys = {"/bin", "/dev", "/proc",       "/sbin",
                                                        "/sys", "/usr", "/nonexistent"};
  std::vector<std::string> homes;
  Lines lines(text);
  while (auto line = lines.next()) {
    for (int i = 0; i < 5; ++i) {
      const auto colon = line->find(':');
      line->remove_prefix(colon == std::string_view::npos ? line->size() : colon + 1);
    }
    const auto home = line->substr(0, line->find(':'));
    if (!home.starts_with('/') || home == "/") continue;
    const bool is_nobodys = std::ranges::any_of(kNobodys, [&](std::string_view folder) {
      return home.starts_with(folder) &&
             (home.size() == folder.size() || home[folder.size()] == '/');
    });
    if (!is_nobodys) homes.emplace_back(home);
  }
  std::ranges::sort(homes);
  homes.erase(std::ranges::unique(homes).begin(), homes.end());
  return homes;
}

Result<std::vector<std::string>> path_folders(Host& host) {
  std::vector<std::string> folders(kUsual.begin(), kUsual.end());
  const auto environment = read_if_there(host, "/etc/environment", kMaxConfigBytes);
  if (!environment) return fail(environment.error());
  append(folders_in_environment(*environment), folders);
  const auto login = read_if_there(host, "/etc/login.defs", kMaxConfigBytes);
  if (!login) return fail(login.error());
  append(folders_in_login_defs(*login), folders);
  const auto passwd = read_if_there(host, "/etc/passwd", kMaxPasswdBytes);
  if (!passwd) return fail(passwd.error());
  for (const auto& home : homes_in_passwd(*passwd))
    for (const auto folder : kAtHome) folders.push_back(std::string(home).append(folder));
  if (folders.size() > kMaxPathFolders)
    return fail(Code::kTooLarge, "more than " + std::to_string(kMaxPathFolders) +
                                     " folders in which programs may lie");
  return folders;
}

}  // namespace assay::agent
