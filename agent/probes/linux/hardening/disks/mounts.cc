#include "agent/probes/linux/hardening/disks/mounts.h"

#include <algorithm>
#include <array>

#include "agent/probes/linux/hardening/disks/system_mounts.h"
#include "agent/probes/linux/text/cells.h"
#include "agent/probes/linux/text/small_letters.h"

namespace assay::agent {
namespace {

constexpr auto kPassing = std::to_array<std::string_view>(
    {"/run/user/", "/run/credentials/", "/run/docker/", "/run/containerd/", "/run/netns/",
     "/var/lib/docker/", "/var/lib/containerd/", "/var/lib/containers/storage/",
     "/var/lib/kubelet/pods/"});
constexpr auto kSecretWords = std::to_array<std::string_view>({"pass", "secret", "key", "token"});
constexpr auto kUnstableNames =
    std::to_array<std::string_view>({"lowerdir", "upperdir", "workdir", "fd", "pgrp", "pipe_ino"});

bool is_passing(const Mount& mount) {
  return std::ranges::any_of(
      kPassing, [&](std::string_view folder) { return mount.point.starts_with(folder); });
}

bool is_shown(std::string_view option) {
  const auto name = in_small_letters(option.substr(0, option.find('=')));
  if (std::ranges::find(kUnstableNames, name) != kUnstableNames.end()) return false;
  return option.find('=') == std::string_view::npos ||
         std::ranges::none_of(kSecretWords, [&](std::string_view word) {
           return name.find(word) != std::string::npos;
         });
}

// The options of the mount, then those of its file system; "ro" of either makes both.
std::string all_options(const Mount& mount) {
  auto own = stable_options(mount.options);
  std::string_view rest = mount.super_options;
  while (!rest.empty()) {
    const auto comma = rest.find(',');
    const auto option = rest.substr(0, comma);
    rest.remove_prefix(comma == std::string_view::npos ? rest.size() : comma + 1);
    if (option != "rw" && !option.empty() && is_shown(option) && !has_option(own, option))
      own.append(",").append(option);
  }
  return own;
}

// "https://user:password@host/" without the user.
std::string without_user(std::string_view device) {
  const auto scheme = device.find("://");
  if (scheme == std::string_view::npos) return std::string(device);
  const auto begin = scheme + 3;
  const auto at = device.substr(0, device.find('/', begin)).rfind('@');
  if (at == std::string_view::npos || at < begin) return std::string(device);
  return std::string(device.substr(0, begin)).append(device.substr(at + 1));
}

// /dev/mapper/root is a link to /dev/dm-0.
std::string device_alias(Host& host, const std::string& device) {
  if (!device.starts_with("/dev/")) return device;
  const auto target = host.read_link(device);
  if (!target) return device;
  if (target->starts_with('/')) return *target;
  return "/dev/" + target->substr(target->rfind('/') + 1);
}

std::int64_t flag(const Mount& mount, std::string_view option) {
  return has_option(mount.options, option) ||
                 (option == "ro" && has_option(mount.super_options, option))
             ? 1
             : 0;
}

}  // namespace

std::string stable_options(std::string_view options) {
  std::string kept;
  while (!options.empty()) {
    const auto comma = options.find(',');
    const auto option = options.substr(0, comma);
    options.remove_prefix(comma == std::string_view::npos ? options.size() : comma + 1);
    if (!option.empty() && is_shown(option)) kept.append(kept.empty() ? "" : ",").append(option);
  }
  return kept;
}

Result<evidence::Table> collect_mounts(Host& host) {
  const auto mounts = read_mounts(host);
  if (!mounts) return fail(mounts.error());
  evidence::Table table(*evidence::find_table("mounts"));
  for (const auto& mount : *mounts) {
    if (is_kernel_made(mount.kind) || is_passing(mount)) continue;
    const auto device = without_user(mount.source);
    table.add({{"device", device},
               {"device_alias", device_alias(host, device)},
               {"path", mount.point},
               {"type", mount.kind},
               {"flags", all_options(mount)},
               {"read_only", flag(mount, "ro")},
               {"nodev", flag(mount, "nodev")},
               {"nosuid", flag(mount, "nosuid")},
               {"noexec", flag(mount, "noexec")},
               {"network", std::int64_t{is_network(mount.kind) ? 1 : 0}}});
  }
  return table;
}

}  // namespace assay::agent
