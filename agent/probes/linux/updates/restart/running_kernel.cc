#include "agent/probes/linux/updates/restart/running_kernel.h"

#include "agent/probes/linux/text/lines.h"
#include "checks/engine/versions.h"
#include "evidence/limits.h"

namespace assay::agent {
namespace {

constexpr std::string_view kStatus = "/var/lib/dpkg/status";
constexpr std::string_view kModules = "/usr/lib/modules";
constexpr std::string_view kModulesOfOld = "/lib/modules";
constexpr std::string_view kForeign =
    "the running kernel belongs to no installed package: a container's, or built by hand";

bool is_digit(char c) {
  return c >= '0' && c <= '9';
}

// "amd" of "6.1.0-37-amd64", "cloud-amd" of "6.1.0-37-cloud-amd64", "arch-" of "6.9.1-arch1-1":
// kernels of other flavours are no successors. Digits are left out, as some number their flavours
// anew.
std::string flavour_of(std::string_view release) {
  std::string_view flavour;
  for (std::size_t i = release.find('-'); i != std::string_view::npos; i = release.find('-', i + 1))
    if (i + 1 < release.size() && !is_digit(release[i + 1])) {
      flavour = release.substr(i + 1);
      break;
    }
  // "x_" of "5.14.0-427.el9.x86_64".
  if (const auto dot = release.rfind('.'); flavour.empty() && dot != std::string_view::npos)
    flavour = release.substr(dot + 1);
  std::string letters;
  for (const char c : flavour)
    if (!is_digit(c)) letters += c;
  return letters;
}

// "6.1.140-1" of "#1 SMP PREEMPT_DYNAMIC Debian 6.1.140-1 (2025-05-22)".
std::string_view debian_version(std::string_view version) {
  constexpr std::string_view kMark = " Debian ";
  const auto at = version.find(kMark);
  if (at == std::string_view::npos) return {};
  version.remove_prefix(at + kMark.size());
  return version.substr(0, version.find_first_of(" \n"));
}

// The release of a package that holds a kernel's image; empty for others.
std::string_view release_of_package(std::string_view name) {
  for (const std::string_view prefix :
       {"linux-image-unsigned-", "linux-image-", "pve-kernel-", "proxmox-kernel-"})
    if (name.starts_with(prefix)) {
      auto release = name.substr(prefix.size());
      for (const std::string_view end : {"-unsigned", "-signed", "-dbg"})
        if (release.ends_with(end)) release.remove_suffix(end.size());
      // "linux-image-amd64" only depends on the newest.
      return !release.empty() && is_digit(release[0]) ? release : std::string_view();
    }
  return {};
}

}  // namespace

int compare_releases(std::string_view a, std::string_view b) {
  while (!a.empty() && !b.empty()) {
    if (is_digit(a[0]) && is_digit(b[0])) {
      const auto number = [](std::string_view& text) {
        const auto end = std::min(text.find_first_not_of("0123456789"), text.size());
        auto digits = text.substr(0, end);
        text.remove_prefix(end);
        digits.remove_prefix(std::min(digits.find_first_not_of('0'), digits.size()));
        return digits;
      };
      const auto left = number(a);
      const auto right = number(b);
      if (left.size() != right.size()) return left.size() < right.size() ? -1 : 1;
      if (left != right) return left < right ? -1 : 1;
    } else if (a[0] == b[0]) {
      a.remove_prefix(1);
      b.remove_prefix(1);
    } else {
      // A number is newer than a letter: 5.14.0-70.1.1.el9 is newer than 5.14.0-70.el9.
      if (is_digit(a[0]) != is_digit(b[0])) return is_digit(a[0]) ? 1 : -1;
      return a[0] < b[0] ? -1 : 1;
    }
  }
  if (a.empty() && b.empty()) return 0;
  return a.empty() ? -1 : 1;
}

KernelState compare_with_packages(std::string_view release, std::string_view version,
                                  const std::vector<DpkgPackage>& packages) {
  KernelState state{.release = std::string(release), .source = std::string(kStatus)};
  const auto flavour = flavour_of(release);
  const DpkgPackage* own = nullptr;
  const DpkgPackage* newest = nullptr;
  for (const auto& package : packages) {
    const auto of = release_of_package(package.name);
    if (of.empty() || !package.is_installed() || flavour_of(of) != flavour) continue;
    if (of == release) own = &package;
    if (newest == nullptr || checks::dpkg_compare(package.version, newest->version) > 0)
      newest = &package;
  }
  state.running = debian_version(version);
  // The same release may have been installed anew under it; only Debian says what runs.
  if (state.running.empty() && own != nullptr) state.running = own->version;
  if (newest != nullptr && state.running.empty()) {
    // Its package was removed; then a newer one is there.
    const auto successor = release_of_package(newest->name);
    state.is_outdated = compare_releases(release, successor) < 0;
    if (state.is_outdated) state.installed = successor;
  }
  if (newest == nullptr || state.running.empty()) {
    state.running = release;
    if (!state.is_outdated) state.unknown_reason = kForeign;
    return state;
  }
  state.installed = newest->version;
  state.is_outdated = checks::dpkg_compare(state.running, state.installed) < 0;
  return state;
}

KernelState compare_with_folders(std::string_view release,
                                 const std::vector<std::string>& folders) {
  KernelState state{.release = std::string(release),
                    .running = std::string(release),
                    .source = std::string(kModules)};
  const auto flavour = flavour_of(release);
  bool has_own = false;
  for (const auto& folder : folders) {
    if (flavour_of(folder) != flavour) continue;
    has_own |= folder == release;
    if (state.installed.empty() || compare_releases(folder, state.installed) > 0)
      state.installed = folder;
  }
  state.is_outdated =
      !state.installed.empty() && compare_releases(state.running, state.installed) < 0;
  // Its modules may have been removed with its package; but then a newer one is there.
  if (!has_own && !state.is_outdated) {
    state.unknown_reason = kForeign;
    state.installed.clear();
  }
  return state;
}

Result<KernelState> look_at_kernel(Host& host) {
  const auto release = host.read_file("/proc/sys/kernel/osrelease", kMaxConfigBytes);
  if (!release) return fail(release.error());
  const auto text = host.read_file(kStatus, evidence::kMaxTableBytes);
  if (text) {
    const auto version = host.read_file("/proc/sys/kernel/version", kMaxConfigBytes);
    if (!version) return fail(version.error());
    const auto parsed = parse_dpkg_status(*text, DpkgLayout::kStatus);
    if (!parsed) return fail(parsed.error().within("reading " + std::string(kStatus)));
    return compare_with_packages(trimmed(*release), *version, parsed->packages);
  }
  if (text.error().code() != Code::kNotFound) return fail(text.error());
  std::vector<std::string> folders;
  for (const auto root : {kModules, kModulesOfOld}) {
    const auto names = host.list_directory(root, kMaxDirectoryEntries);
    if (!names && names.error().code() == Code::kNotFound) continue;
    if (!names) return fail(names.error());
    for (const auto& name : *names)
      // What is left of a removed kernel is a folder without this.
      if (host.status(std::string(root) + "/" + name + "/modules.dep")) folders.push_back(name);
    break;
  }
  return compare_with_folders(trimmed(*release), folders);
}

}  // namespace assay::agent
