#include "collector/software/software_list.h"

#include <gtest/gtest.h>

#include <map>

namespace assay::collector {
namespace {

// A snapshot of the tables that a test makes.
class SoftwareListTest : public testing::Test {
 protected:
  evidence::Table& table(const std::string& name) {
    return tables_.try_emplace(name, *evidence::find_table(name)).first->second;
  }
  void deb(const std::string& name, const std::string& status = "install ok installed") {
    table("deb_packages")
        .add({{"name", name}, {"version", std::string("1-2")}, {"arch", std::string("amd64")},
              {"status", status}, {"purl", "pkg:deb/debian/" + name}});
  }
  SoftwareList list(std::string_view wanted = {}) {
    evidence::Manifest manifest;
    std::map<evidence::Digest, const evidence::Table*> by_digest;
    for (const auto& [name, table] : tables_) {
      EXPECT_EQ(table.defect(), "");
      evidence::ManifestEntry entry;
      entry.name = name;
      entry.status = evidence::TableStatus::kOk;
      entry.digest = evidence::sha256(name);
      by_digest.emplace(*entry.digest, &table);
      manifest.tables.push_back(entry);
    }
    for (const auto& [name, reason] : unavailable_) {
      evidence::ManifestEntry entry;
      entry.name = name;
      entry.reason = reason;
      manifest.tables.push_back(entry);
    }
    evidence::Table products(*evidence::find_table("cpe_products"));
    products.add({{"package", std::string("known*")}, {"part", std::string("a")},
                  {"vendor", std::string("v")}, {"product", std::string("p")},
                  {"version", std::string("upstream")}, {"confidence", std::string("likely")}});
    auto found = software_of(
        manifest,
        [&](const evidence::Digest& digest) -> Result<evidence::Table> {
          return *by_digest.at(digest);
        },
        CpeDictionary(products), wanted);
    EXPECT_TRUE(found.has_value());
    return found.value_or(SoftwareList{});
  }
  std::string names(std::string_view wanted = {}) {
    std::string all;
    for (const auto& item : list(wanted).items)
      all += item.kind + " " + item.name + " " + item.version + "\n";
    return all;
  }
  std::map<std::string, evidence::Table> tables_;
  std::map<std::string, std::string> unavailable_;
};

TEST_F(SoftwareListTest, EveryManagersPackagesStandInOneList) {
  deb("b");
  deb("a");
  table("rpm_packages")
      .add({{"name", std::string("r")}, {"version", std::string("1")},
            {"release", std::string("2.el9")}, {"epoch", std::int64_t{3}}});
  table("go_binaries").add({{"path", std::string("/x")}, {"module", std::string("m")},
                            {"version", std::string("v1")}});
  table("os_version").add({{"platform", std::string("debian")}, {"version", std::string("12")}});
  EXPECT_EQ(names(), "deb a 1-2\ndeb b 1-2\ngo m v1\nos debian 12\nrpm r 3:1-2.el9\n");
  EXPECT_EQ(names("rpm"), "rpm r 3:1-2.el9\n");
}

TEST_F(SoftwareListTest, RemovedPackagesAndDoublesAreLeftOut) {
  deb("a");
  deb("a");
  deb("gone", "deinstall ok config-files");
  EXPECT_EQ(names(), "deb a 1-2\n");
}

TEST_F(SoftwareListTest, AGuessComesWithItsConfidence) {
  deb("known-tool");
  deb("other");
  const auto items = list().items;
  ASSERT_EQ(items.size(), 2U);
  EXPECT_EQ(items[0].cpe, "cpe:2.3:a:v:p:1:*:*:*:*:*:*:*");
  EXPECT_EQ(items[0].confidence, "likely");
  EXPECT_EQ(items[1].cpe + items[1].confidence, "");
}

TEST_F(SoftwareListTest, WhatIsMissingIsSaidWhatDoesNotExistIsNot) {
  deb("a");
  unavailable_ = {{"rpm_packages", "not_found: no rpm database is on this system"},
                  {"npm_packages", "timed_out: walking: it was ended"}};
  table("python_packages")
      .add({{"path", std::string("/home/eve")}, {"note", std::string("not looked at: things")}});
  table("python_packages")
      .add({{"path", std::string("/x/METADATA")}, {"note", std::string("cannot be read")}});
  std::map<std::string, std::string> missing;
  for (const auto& [name, reason] : list().missing) missing[name] = reason;
  EXPECT_FALSE(missing.contains("rpm_packages"));
  EXPECT_EQ(missing["npm_packages"], "timed_out: walking: it was ended");
  EXPECT_EQ(missing["python_packages"], "/home/eve: not looked at: things");
  EXPECT_EQ(missing["java_archives"], "not in the snapshot");
}

}  // namespace
}  // namespace assay::collector
