#include "agent/probes/linux/accounts/password_policy/pam_modules.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>

namespace assay::agent {
namespace {

constexpr std::array<std::string_view, 3> kQuality = {"pam_pwquality", "pam_cracklib",
                                                      "pam_passwdqc"};
constexpr std::array<std::string_view, 3> kLockout = {"pam_faillock", "pam_tally2", "pam_tally"};
constexpr std::array<std::string_view, 10> kDomain = {
    "pam_sss",   "pam_winbind", "pam_ldap", "pam_ldapd",      "pam_krb5",
    "pam_lsass", "pam_vas3",    "pam_vas",  "pam_centrifydc", "pam_systemd_home"};
constexpr std::array<std::string_view, 6> kFolders = {
    "/usr/lib64/security", "/usr/lib/security", "/lib64/security",
    "/lib/security",       "/usr/lib",          "/lib"};
constexpr std::size_t kMaxModuleBytes = 4U << 20U;

bool contains(const auto& names, std::string_view name) {
  return std::ranges::find(names, name) != names.end();
}

// The folders where distributions keep modules, with those of each architecture.
Result<std::vector<std::string>> module_folders(Host& host) {
  std::vector<std::string> folders;
  for (const auto folder : kFolders) {
    if (folder.ends_with("/security")) {
      folders.emplace_back(folder);
      continue;
    }
    const auto names = host.list_directory(folder, kMaxDirectoryEntries);
    if (!names) continue;  // another folder may still hold them
    for (const auto& name : *names) {
      if (name.find("-linux-") != std::string::npos) {
        folders.push_back(fmt::format("{}/{}/security", folder, name));
      }
    }
  }
  return folders;
}

bool fails_harmlessly(const PamEntry& entry) {
  const auto kind = entry.control.on(PamResult::kAuthErr).kind;
  return kind == PamAction::Kind::kIgnore || kind == PamAction::Kind::kOk ||
         kind == PamAction::Kind::kJump;
}

}  // namespace

ModuleRole role_of(const PamEntry& entry) {
  if (entry.module == "pam_unix") return ModuleRole::kUnix;
  if (entry.module == "pam_pwhistory") return ModuleRole::kHistory;
  if (entry.module == "pam_deny") return ModuleRole::kDeny;
  if (entry.module == "pam_permit") return ModuleRole::kPermit;
  if (entry.module == "pam_localuser") return ModuleRole::kLocal;
  if (contains(kQuality, entry.module)) return ModuleRole::kQuality;
  if (contains(kLockout, entry.module)) return ModuleRole::kLockout;
  if (contains(kDomain, entry.module)) return ModuleRole::kDomain;
  return ModuleRole::kOther;
}

Result<PamModules> PamModules::find(Host& host) {
  PamModules modules;
  const auto folders = module_folders(host);
  if (!folders) return fail(folders.error());
  for (const auto& folder : *folders) {
    const auto names = host.list_directory(folder, kMaxDirectoryEntries);
    if (!names || !contains(*names, "pam_unix.so")) continue;
    modules.folder_ = folder;
    modules.files_ = std::set<std::string>(names->begin(), names->end());
    break;
  }
  return modules;
}

bool PamModules::is_installed(const PamEntry& entry) const {
  // A module named by its full path may lie anywhere; it is believed to be there.
  if (folder_.empty() || entry.path.starts_with('/')) return true;
  return files_.contains(entry.path.substr(entry.path.rfind('/') + 1));
}

Result<std::optional<bool>> PamModules::mentions(Host& host, const PamEntry& entry,
                                                 std::string_view text) const {
  if (folder_.empty()) return std::optional<bool>();
  const auto path =
      entry.path.starts_with('/') ? entry.path : fmt::format("{}/{}.so", folder_, entry.module);
  const auto bytes = host.read_file(path, kMaxModuleBytes);
  if (bytes) return bytes->find(text) != std::string::npos;
  if (bytes.error().code() == Code::kNotFound) return std::optional<bool>();
  return fail(bytes.error().within(fmt::format("reading {}", path)));
}

PamResult ordinary_answer(const PamEntry& entry, bool is_flipped) {
  const auto success = entry.control.on(PamResult::kSuccess).kind;
  const bool is_shortcut = success == PamAction::Kind::kDone || success == PamAction::Kind::kJump;
  // "sufficient pam_fprintd": the ordinary case is that the shortcut is not taken.
  const bool succeeds = (is_shortcut && fails_harmlessly(entry)) == is_flipped;
  return succeeds ? PamResult::kSuccess : PamResult::kAuthErr;
}

std::string domain_note(const PamStack& stack) {
  for (const auto& entry : stack) {
    if (role_of(entry) != ModuleRole::kDomain) continue;
    return fmt::format("accounts of a domain follow the rules of their directory ({} at {})",
                       entry.module, entry.where.text());
  }
  return {};
}

}  // namespace assay::agent
