#include "agent/probes/linux/software/bundles/flatpak_deploy.h"

#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <iterator>

#include "tests/unit/source_file.h"

namespace assay::agent {
namespace {

// Of flatpak's own making.
std::string deploy() {
  namespace fs = std::filesystem;
  const fs::path app(
      source_file("tests/fixtures/hosts/bundles/var/lib/flatpak/app/org.assay.Sample"));
  std::ifstream file(app / "x86_64/stable/active/deploy", std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

std::size_t text_bytes(const FlatpakDeploy& deploy) {
  return deploy.origin.size() + deploy.commit.size() + deploy.version.size() +
         deploy.license.size() + deploy.runtime.size() + deploy.end_of_life.size();
}

TEST(FlatpakDeployTest, ReadsWhatFlatpakWrote) {
  const auto parsed = parse_flatpak_deploy(deploy());
  ASSERT_TRUE(parsed.has_value());
  EXPECT_EQ(parsed->origin, "local");
  EXPECT_EQ(parsed->commit, "e6fea8d8140cc52fd949e1678b2708299d5c204c183a60b2cd53835c5cee3e35");
  EXPECT_EQ(parsed->installed_bytes, 2048);
  EXPECT_EQ(parsed->version, "2.5.1");
  EXPECT_EQ(parsed->license, "MIT");
  EXPECT_EQ(parsed->runtime, "org.assay.Platform/x86_64/1");
  EXPECT_EQ(parsed->end_of_life, "");
}

TEST(FlatpakDeployTest, AnOlderFileWithoutADictionarySaysLess) {
  using namespace std::string_literals;
  // Origin "o", commit "c", no subpaths, eight bytes of size, ends of the first three parts.
  const auto parsed = parse_flatpak_deploy("o\0c\0\0\0\0\0\0\0\0\0\0\0\0\5\4\4\2"s);
  ASSERT_TRUE(parsed.has_value());
  EXPECT_EQ(parsed->origin + parsed->commit, "oc");
  EXPECT_EQ(parsed->installed_bytes, 5);
}

TEST(FlatpakDeployTest, NoCutIsTakenForTheWhole) {
  const auto bytes = deploy();
  for (std::size_t length = 0; length < bytes.size(); ++length) {
    const auto parsed = parse_flatpak_deploy(std::string_view(bytes).substr(0, length));
    EXPECT_TRUE(!parsed || parsed->commit.size() != 64) << length;
  }
}

TEST(FlatpakDeployTest, ChangedBytesAreReadWithinTheirBounds) {
  const auto bytes = deploy();
  for (std::size_t at = 0; at < bytes.size(); ++at)
    for (const char to : {'\x00', '\x01', '\x7f', '\xff'}) {
      auto changed = bytes;
      changed[at] = to;
      const auto parsed = parse_flatpak_deploy(changed);
      EXPECT_TRUE(parsed ? text_bytes(*parsed) <= bytes.size()
                         : parsed.error().code() == Code::kInvalidData)
          << at;
    }
}

}  // namespace
}  // namespace assay::agent
