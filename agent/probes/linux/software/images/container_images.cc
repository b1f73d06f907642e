#include "agent/probes/linux/software/images/container_images.h"

#include <nlohmann/json.hpp>

#include "agent/probes/linux/software/bundles/empty_table.h"
#include "agent/probes/linux/software/bundles/homes.h"
#include "agent/probes/linux/software/bundles/json_values.h"
#include "agent/probes/linux/software/images/containerd_images.h"
#include "agent/probes/linux/software/images/containers_storage.h"
#include "agent/probes/linux/software/images/docker_images.h"
#include "agent/probes/linux/text/lines.h"

namespace assay::agent {
namespace {

constexpr std::string_view kDocker = "docker";
constexpr std::string_view kContainersStorage = "containers-storage";
constexpr std::string_view kContainerd = "containerd";
constexpr std::size_t kMaxDataEntries = 1000;

constexpr std::string_view kDaemonSettings = "/etc/docker/daemon.json";
constexpr std::array<std::string_view, 2> kDockerFolders = {
    "/var/lib/docker", "/var/snap/docker/common/var-lib-docker"};
constexpr std::array<std::string_view, 2> kStorageSettings = {"/etc/containers/storage.conf",
                                                              "/usr/share/containers/storage.conf"};
constexpr std::string_view kStorageFolder = "/var/lib/containers/storage";
constexpr std::string_view kDockerInHome = "/.local/share/docker";
constexpr std::string_view kStorageInHome = "/.local/share/containers/storage";

// Where engines, and the Kubernetes distributions that bring one, keep containerd's data; the last
// two are Docker's when it leaves its images to containerd.
constexpr std::array<std::string_view, 6> kContainerdFolders = {
    "/var/lib/containerd",
    "/var/lib/rancher/k3s/agent/containerd",
    "/var/lib/rancher/rke2/agent/containerd",
    "/var/snap/microk8s/common/var/lib/containerd",
    "/var/lib/docker/containerd/daemon",
    "/var/snap/docker/common/var-lib-docker/containerd/daemon"};

using Add = Status (*)(Host&, const ImageStore&, evidence::Table&);

void add_note(const ImageStore& store, std::string note, evidence::Table& table) {
  add_image(store, ImageRow{.note = std::move(note)}, table);
}

// "231072.231072": a data folder of its own for a range of user ids.
bool is_user_range(std::string_view name) {
  return name.find('.') != std::string_view::npos &&
         name.find_first_not_of("0123456789.") == std::string_view::npos;
}

Status add_docker(Host& host, const ImageStore& store, evidence::Table& table) {
  if (auto added = add_docker_images(host, store, table); !added) return added;
  const auto names = host.list_directory(store.folder, kMaxDataEntries);
  if (!names && names.error().code() == Code::kNotFound) return {};
  if (!names) return fail(names.error());
  for (const auto& name : *names) {
    if (!is_user_range(name)) continue;
    const ImageStore ranged{store.engine, store.folder + "/" + name, store.username};
    if (auto added = add_docker_images(host, ranged, table); !added) return added;
  }
  return {};
}

// Where the administrator put Docker's data.
Result<std::string> docker_folder(Host& host) {
  const auto text = host.read_file(kDaemonSettings, kMaxConfigBytes);
  if (!text && text.error().code() == Code::kNotFound) return std::string();
  if (!text) return fail(text.error());
  const auto json = nlohmann::json::parse(*text, nullptr, false);
  if (!json.is_object())
    return fail(Code::kInvalidData, "reading " + std::string(kDaemonSettings) + ": no JSON object");
  auto folder = text_in(json, "data-root");
  return folder.empty() ? text_in(json, "graph") : folder;
}

// The value of "graphroot" in storage.conf: TOML, of which one line is of interest.
std::string graph_root(std::string_view text) {
  Lines lines(text);
  while (const auto line = lines.next()) {
    const auto equals = line->find('=');
    if (equals == std::string_view::npos || trimmed(line->substr(0, equals)) != "graphroot")
      continue;
    const auto value = trimmed(line->substr(equals + 1));
    if (value.size() < 2 || (value[0] != '"' && value[0] != '\'')) return {};
    return std::string(value.substr(1, value.find(value[0], 1) - 1));
  }
  return {};
}

Result<std::string> storage_folder(Host& host) {
  for (const auto path : kStorageSettings) {
    const auto text = host.read_file(path, kMaxConfigBytes);
    if (!text && text.error().code() == Code::kNotFound) continue;
    if (!text) return fail(text.error());
    return graph_root(*text);
  }
  return std::string();
}

template <typename Defaults>
Status add_system(Host& host, std::string_view engine, const Defaults& defaults,
                  const Result<std::string>& configured, Add add, evidence::Table& table) {
  if (!configured) return fail(configured.error());
  std::set<std::string> folders(defaults.begin(), defaults.end());
  if (configured->starts_with('/')) folders.insert(*configured);
  for (const auto& folder : folders)
    if (auto added = add(host, {std::string(engine), folder, {}}, table); !added) return added;
  return {};
}

// Half of a store's images is never shown: they, or a row that says why not.
void add_whole(Host& host, const ImageStore& store, Add add, evidence::Table& table) {
  evidence::Table rows(table.header());
  if (const auto added = add(host, store, rows); !added) {
    add_note(store, added.error().message(), table);
    return;
  }
  for (const auto& row : rows.rows()) table.add_row(row);
}

Status add_homes(Host& host, evidence::Table& table) {
  const auto homes = home_folders(host);
  if (!homes) return fail(homes.error());
  for (const auto& home : *homes) {
    const ImageStore docker{std::string(kDocker), home.directory + std::string(kDockerInHome),
                            home.username};
    const ImageStore storage{std::string(kContainersStorage),
                             home.directory + std::string(kStorageInHome), home.username};
    if (!home.why_not.empty()) {
      add_note(docker, home.why_not, table);
      add_note(storage, home.why_not, table);
      continue;
    }
    add_whole(host, docker, add_docker_images, table);
    add_whole(host, storage, add_stored_images, table);
  }
  return {};
}

void add_containerd(Host& host, evidence::Table& table) {
  for (const auto folder : kContainerdFolders)
    add_whole(host, {std::string(kContainerd), std::string(folder), {}}, add_containerd_images,
              table);
}

}  // namespace

Result<evidence::Table> collect_container_images(Host& host) {
  evidence::Table table(*evidence::find_table("container_images"));
  const std::array<std::string_view, 1> storage = {kStorageFolder};
  if (auto added =
          add_system(host, kDocker, kDockerFolders, docker_folder(host), add_docker, table);
      !added)
    return fail(std::move(added.error()));
  if (auto added = add_system(host, kContainersStorage, storage, storage_folder(host),
                              add_stored_images, table);
      !added)
    return fail(std::move(added.error()));
  if (auto added = add_homes(host, table); !added) return fail(std::move(added.error()));
  add_containerd(host, table);
  return unless_nothing_was_there(host, std::move(table));
}

}  // namespace assay::agent
