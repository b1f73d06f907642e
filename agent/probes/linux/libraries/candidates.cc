#include "agent/probes/linux/libraries/candidates.h"

#include <array>

namespace assay::agent {
namespace {

// Volumes beside them are data of this machine, and are no layers.
constexpr std::array<std::string_view, 16> kLayerFolders = {
    "/var/lib/docker/aufs/",
    "/var/lib/docker/btrfs/",
    "/var/lib/docker/containerd/",
    "/var/lib/docker/devicemapper/",
    "/var/lib/docker/fuse-overlayfs/",
    "/var/lib/docker/overlay/",
    "/var/lib/docker/overlay2/",
    "/var/lib/docker/rootfs/",
    "/var/lib/docker/vfs/",
    "/var/lib/docker/zfs/",
    "/var/lib/containerd/",
    "/var/lib/containers/storage/btrfs/",
    "/var/lib/containers/storage/overlay/",
    "/var/lib/containers/storage/vfs/",
    "/var/lib/rancher/k3s/agent/containerd/",
    "/var/lib/rancher/rke2/agent/containerd/",
};

// Below a home folder, where these run without root.
constexpr std::array<std::string_view, 6> kLayerFoldersAtHome = {
    "/.local/share/containers/storage/overlay/",
    "/.local/share/containers/storage/vfs/",
    "/.local/share/docker/containerd/",
    "/.local/share/docker/fuse-overlayfs/",
    "/.local/share/docker/overlay2/",
    "/.local/share/docker/vfs/",
};

}  // namespace

void Candidates::add(const TreeEntry& entry) {
  const bool is_kept = shares_.admit(entry.path, entry.status.uid);
  if (shares_.has_just_closed())
    std::erase_if(found_, [&](const Candidate& candidate) {
      return shares_.is_closed(candidate.path, candidate.uid);
    });
  if (is_kept) found_.push_back({std::string(entry.path), entry.status.uid});
}

Result<std::vector<std::string>> Candidates::take(const WalkSummary& walk) {
  if (walk.entries == 0) return fail(Code::kNotFound, "the file system is empty");
  if (walk.unreadable > 0)
    return fail(Code::kPermissionDenied,
                std::to_string(walk.unreadable)
                    .append(" folders could not be looked into, the first is ")
                    .append(walk.first_unreadable));
  std::vector<std::string> paths;
  paths.reserve(found_.size());
  for (auto& candidate : found_) paths.push_back(std::move(candidate.path));
  found_ = {};
  return paths;
}

std::vector<UnseenPlace> Candidates::unseen(const WalkSummary& walk) const {
  auto places = unseen_places(walk);
  for (auto& place : shares_.closed()) places.push_back(std::move(place));
  return places;
}

bool is_in_container_layer(std::string_view path) {
  if (path.starts_with("/var/lib/"))
    return std::ranges::any_of(kLayerFolders,
                               [&](std::string_view folder) { return path.starts_with(folder); });
  if (path.find("/.local/share/") == std::string_view::npos) return false;
  return std::ranges::any_of(kLayerFoldersAtHome, [&](std::string_view folder) {
    return path.find(folder) != std::string_view::npos;
  });
}

}  // namespace assay::agent
