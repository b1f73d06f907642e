#include "agent/probes/linux/software/images/container_images.h"

#include <gtest/gtest.h>

#include <algorithm>

#include "agent/host/failing_host.h"
#include "tests/unit/agent/memory_host.h"
#include "tests/unit/agent/probes/fixture_host.h"
#include "tests/unit/agent/rows.h"

namespace assay::agent {
namespace {

evidence::Table fixture_table() {
  auto host = fixture_host("images");
  return good(collect_container_images(host));
}

// The rows of one engine in the given columns.
std::vector<std::string> rows_of(const evidence::Table& table, std::string_view engine,
                                 const std::vector<std::string_view>& columns) {
  std::vector<std::string> rows;
  for (std::size_t i = 0; i < table.rows().size(); ++i)
    if (row(table, i, {"engine"}) == engine) rows.push_back(row(table, i, columns));
  std::ranges::sort(rows);
  return rows;
}

TEST(ContainerImagesTest, DockersImagesHaveARowForEachName) {
  const auto rows = rows_of(fixture_table(), "docker", {"name", "tag", "size", "architecture"});
  EXPECT_EQ(rows, (std::vector<std::string>{
                      "NULL|NULL|6|amd64", "NULL|NULL|6|amd64", "built|1|10|amd64",
                      "registry.example:5000/team/app|latest|6|amd64", "team/app|1.2|6|amd64"}));
}

TEST(ContainerImagesTest, DockersDataIsLookedForWhereItsSettingsSay) {
  EXPECT_EQ(rows_of(fixture_table(), "docker", {"store", "username"}).at(0), "/srv/docker|NULL");
}

TEST(ContainerImagesTest, PodmansImagesInAHomeFolderNameItsOwner) {
  const auto rows = rows_of(fixture_table(), "containers-storage",
                            {"name", "tag", "size", "created", "architecture", "os", "username"});
  EXPECT_EQ(rows, std::vector<std::string>{
                      "registry.example:5000/team/app|1.2|10240|1795245632|amd64|linux|meiling"});
}

TEST(ContainerImagesTest, KubernetesNamesOfOneImageAreJoined) {
  const auto rows = rows_of(fixture_table(), "containerd", {"namespace", "name", "tag", "id"});
  const std::string id = "sha256:c6ec626dd19b382dcc0e4ebb331dc9aada1d583a6cd93744403818030a353b48";
  EXPECT_EQ(rows, (std::vector<std::string>{"k8s.io|docker.io/team/app|1.2|" + id,
                                            "k8s.io|registry.k8s.io/pause|3.9|" + id}));
}

TEST(ContainerImagesTest, PurlsNameTheDigestOfTheRegistryWhereItIsKnown) {
  const auto table = fixture_table();
  EXPECT_EQ(rows_of(table, "containerd", {"purl"}).at(1),
            "pkg:oci/pause@sha256:d0c64c27efd58420ee36696e0d9592a457391b4a63b7f4c8337c5dfc1bf71e5b"
            "?repository_url=registry.k8s.io%2Fpause&tag=3.9");
  EXPECT_EQ(rows_of(table, "docker", {"purl"}).at(1).substr(0, 10), "NULL");
  EXPECT_EQ(
      cell(table, "name", "built", "purl"),
      "pkg:docker/built@sha256:6cdd03706dc846ae78125d10fcb02146bceba435812a2c4efd96658751db6204"
      "?tag=1");
}

TEST(ContainerImagesTest, NoSecretInAnImagesEnvironmentIsKept) {
  const auto table = fixture_table();
  for (const auto& cells : table.rows())
    for (const auto& value : cells)
      EXPECT_EQ(evidence::to_text(value).find("canary"), std::string::npos);
}

TEST(ContainerImagesTest, ASystemWithoutEnginesHasNoImages) {
  MemoryHost host;
  host.files = {{"/var/lib/dpkg/status", ""}};
  host.live = false;
  EXPECT_TRUE(good(collect_container_images(host)).rows().empty());
}

TEST(ContainerImagesTest, AnEngineThatMayNotBeReadInAHomeIsARowThatSaysSo) {
  auto image = fixture_host("images");
  FailingHost host(image);
  host.fail_path("/home/meiling/.local/share/containers", Error(Code::kPermissionDenied, "no"));
  const auto rows = rows_of(good(collect_container_images(host)), "containers-storage",
                            {"name", "username", "note"});
  EXPECT_EQ(rows, std::vector<std::string>{
                      "NULL|meiling|listing /home/meiling/.local/share/containers/storage: no"});
}

TEST(ContainerImagesTest, AContainerdDatabaseThatIsNoneIsARowThatSaysSo) {
  MemoryHost host;
  host.live = false;
  host.files = {{"/var/lib/containerd/io.containerd.metadata.v1.bolt/meta.db", "torn"}};
  EXPECT_EQ(row(good(collect_container_images(host)), 0, {"engine", "name", "note"}),
            "containerd|NULL|reading /var/lib/containerd/io.containerd.metadata.v1.bolt/meta.db: a "
            "bolt database without whole metadata");
}

TEST(ContainerImagesTest, AFailureInTheSystemsStoreFailsTheTable) {
  MemoryHost host;
  host.files = {{"/var/lib/docker/image/overlay2/imagedb/content/sha256/ab", "{torn"}};
  EXPECT_EQ(collect_container_images(host).error().code(), Code::kInvalidData);
  host.files = {{"/var/lib/containers/storage/overlay-images/images.json", "{}"}};
  EXPECT_EQ(collect_container_images(host).error().code(), Code::kInvalidData);
  host.files = {{"/etc/docker/daemon.json", "not json"}};
  EXPECT_EQ(collect_container_images(host).error().code(), Code::kInvalidData);
}

TEST(ContainerImagesTest, AnUnknownSizeIsNullAndSaid) {
  MemoryHost host;
  host.live = false;
  host.files = {
      {"/var/lib/containers/storage/vfs-images/images.json",
       R"([{"id":"ab","layer":"x","names":["localhost/a:1"],"created":"0001-01-01T00:00:00Z"}])"},
      {"/var/lib/containers/storage/vfs-layers/layers.json",
       R"([{"id":"x","parent":"x","diff-size":1}])"}};
  EXPECT_EQ(row(good(collect_container_images(host)), 0, {"name", "size", "created", "note"}),
            "localhost/a|NULL|NULL|the size of a layer is not recorded");
}

TEST(ContainerImagesTest, AnEmptyFolderIsNoEvidence) {
  MemoryHost host;
  host.live = false;
  EXPECT_EQ(collect_container_images(host).error().code(), Code::kNotFound);
}

}  // namespace
}  // namespace assay::agent
