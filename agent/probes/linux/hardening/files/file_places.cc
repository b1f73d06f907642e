#include "agent/probes/linux/hardening/files/file_places.h"

#include <algorithm>
#include <array>

namespace assay::agent {
namespace {

constexpr auto kOtherSystems = std::to_array<std::string_view>(
    {"/var/lib/docker/", "/var/lib/containerd/", "/var/lib/containers/storage/",
     "/var/lib/rancher/", "/var/lib/kubelet/pods/", "/var/lib/lxc/", "/var/lib/lxd/",
     "/var/lib/incus/", "/var/lib/machines/", "/var/lib/snapd/", "/var/lib/flatpak/",
     "/var/lib/schroot/", "/snap/"});
constexpr auto kSampleParts = std::to_array<std::string_view>(
    {"/node_modules/", "/site-packages/", "/dist-packages/", "/go/pkg/mod/", "/.cargo/registry/",
     "/gems/", "/testdata/", "/lib/python"});
constexpr auto kOpenPlaces =
    std::to_array<std::string_view>({"/tmp/", "/var/tmp/", "/home/", "/root/", "/dev/", "/run/"});

template <std::size_t Size>
bool begins_with_any(std::string_view path, const std::array<std::string_view, Size>& folders) {
  return std::ranges::any_of(folders,
                             [&](std::string_view folder) { return path.starts_with(folder); });
}

}  // namespace

bool is_of_another_system(std::string_view path) {
  if (begins_with_any(path, kOtherSystems)) return true;
  // Containers without root, each user's own.
  return path.find("/.local/share/containers/storage/") != std::string_view::npos ||
         path.find("/.local/share/docker/") != std::string_view::npos;
}

bool is_sample_of_a_package(std::string_view path) {
  if (path.starts_with("/usr/") && !path.starts_with("/usr/local/")) return true;
  return std::ranges::any_of(kSampleParts, [&](std::string_view part) {
    return path.find(part) != std::string_view::npos;
  });
}

bool is_system_place(std::string_view path) {
  return !begins_with_any(path, kOpenPlaces);
}

}  // namespace assay::agent
