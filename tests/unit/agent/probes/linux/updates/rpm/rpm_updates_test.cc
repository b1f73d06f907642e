#include <gtest/gtest.h>
#include <zlib.h>

#include "agent/host/failing_host.h"
#include "agent/probes/linux/updates/pending_updates.h"
#include "agent/probes/linux/updates/rpm/primary_database.h"
#include "evidence/digest.h"
#include "tests/unit/agent/memory_host.h"
#include "tests/unit/agent/probes/linux/software/rpm/header_bytes.h"
#include "tests/unit/agent/probes/linux/updates/bzip2.h"
#include "tests/unit/agent/probes/linux/updates/rpm/sqlite_file.h"
#include "tests/unit/agent/probes/linux/updates/zchunk_bytes.h"
#include "tests/unit/agent/rows.h"

namespace assay::agent {
namespace {

// An ndb database of these headers: one page of slots, then the blobs.
std::string ndb(const std::vector<std::string>& headers) {
  std::string slots;
  std::string blobs;
  std::uint32_t number = 0;
  for (const auto& header : headers) {
    std::string blob = "BlbS" + little_32(++number) + little_32(0) +
                       little_32(static_cast<std::uint32_t>(header.size())) + header;
    while ((blob.size() + 12) % 16 != 0) blob += '\0';
    const auto sum =
        adler32(1, reinterpret_cast<const Bytef*>(blob.data()), static_cast<uInt>(blob.size()));
    blob += little_32(static_cast<std::uint32_t>(sum)) +
            little_32(static_cast<std::uint32_t>(header.size())) + "BlbE";
    slots += "Slot" + little_32(number) +
             little_32(static_cast<std::uint32_t>(256 + blobs.size() / 16)) +
             little_32(static_cast<std::uint32_t>(blob.size() / 16));
    blobs += blob;
  }
  while (slots.size() < 254U * 16U) slots += "Slot" + std::string(12, '\0');
  return "RpmP" + little_32(0) + little_32(7) + little_32(1) + little_32(number + 1) +
         std::string(12, '\0') + slots + blobs;
}

constexpr const char* kCache = "/var/cache/dnf/base-0123456789abcdef/repodata/";

// A Rocky Linux with one repository that dnf has fetched.
class RpmUpdatesTest : public testing::Test {
 protected:
  RpmUpdatesTest() {
    host_.changed_ns = host_.now_seconds * 1'000'000'000;
    host_.files = {{"/etc/os-release", "ID=rocky\nVERSION_ID=9.4\n"},
                   {"/etc/yum.repos.d/base.repo", "[base]\nname=Base packages\n"}};
    install("a", "1.0", "1");
    fetched(kCache, package("a", "1.1", "1"));
  }

  void install(std::string_view name, std::string_view version, std::string_view release) {
    headers_.push_back(HeaderBytes()
                           .text(1000, name)
                           .text(1001, version)
                           .text(1002, release)
                           .text(1022, "x86_64")
                           .text(1044, "src-" + std::string(version) + "-1.src.rpm")
                           .bytes());
  }
  static std::string package(const std::string& name, const std::string& version,
                             const std::string& release) {
    return "<package><name>" + name + "</name><arch>x86_64</arch><version epoch='0' ver='" +
           version + "' rel='" + release + "'/></package>";
  }
  void fetched(const std::string& folder, const std::string& packages,
               const std::string& more_lists = {}) {
    const auto primary = "<metadata>" + packages + "</metadata>";
    host_.files[folder + "1-primary.xml"] = primary;
    host_.files[folder + "repomd.xml"] =
        "<repomd><data type='primary'><location href='repodata/1-primary.xml'/>"
        "<timestamp>1795000000</timestamp><open-size>" +
        std::to_string(primary.size()) + "</open-size></data>" + more_lists + "</repomd>";
  }
  void advise(const std::string& version) {
    fetched(kCache, package("a", "1.1", "1"),
            "<data type='updateinfo'><location href='u.xml'/></data>");
    host_.files[std::string(kCache) + "u.xml"] =
        "<updates><update type='security'><id>RLSA-2026:1</id><pkglist><collection>"
        "<package name='a' arch='x86_64' epoch='0' release='1' version='" +
        version + "'/></collection></pkglist></update></updates>";
  }
  Result<evidence::Table> collect() {
    host_.files["/usr/lib/sysimage/rpm/Packages.db"] = ndb(headers_);
    return collect_pending_updates(host_);
  }
  std::string pending() {
    std::string all;
    const auto table = good(collect());
    for (std::size_t i = 0; i < table.rows().size(); ++i)
      all += row(table, i, {"name", "version", "available_version", "is_security"}) + "\n";
    return all;
  }
  std::string unknown() { return cell(good(collect()), "name", "", "unknown_reason"); }

  MemoryHost host_;
  std::vector<std::string> headers_;
};

TEST_F(RpmUpdatesTest, ANewerVersionIsPendingWithWhereItComesFrom) {
  EXPECT_EQ(pending(), "a|1.0-1|1.1-1|NULL\n");
  const auto table = good(collect());
  EXPECT_EQ(row(table, 0, {"arch", "source", "repository", "label", "list_date", "is_held"}),
            "x86_64|src|base|Base packages|2026-11-18|0");
  EXPECT_EQ(row(table, 0, {"purl", "unknown_reason", "origin", "advisories"}),
            "pkg:rpm/rocky/a@1.0-1?arch=x86_64&distro=rocky-9.4|NULL|NULL|NULL");
}

TEST_F(RpmUpdatesTest, AnAdvisoryMarksASecurityUpdate) {
  advise("1.1");
  EXPECT_EQ(pending(), "a|1.0-1|1.1-1|1\n");
  EXPECT_EQ(cell(good(collect()), "name", "a", "advisories"), "RLSA-2026:1");
  advise("1.0");
  EXPECT_EQ(pending(), "a|1.0-1|1.1-1|0\n");
}

TEST_F(RpmUpdatesTest, AdvisoriesThatWereNotFetchedLeaveTheUpdateAndTheQuestion) {
  advise("1.1");
  host_.files.erase(std::string(kCache) + "u.xml");
  EXPECT_EQ(cell(good(collect()), "name", "a", "is_security"), "NULL");
  EXPECT_TRUE(unknown().starts_with(
      "which updates of the repository base are security updates is not known"));
}

TEST_F(RpmUpdatesTest, ARepositoryThatWasNeverFetchedIsSaid) {
  host_.files["/etc/yum.repos.d/more.repo"] = "[more]\nname=More\n[off]\nenabled=0\n";
  EXPECT_EQ(unknown(), "nothing was ever fetched from the repository more");
  EXPECT_EQ(good(collect()).rows().size(), 2U);
}

TEST_F(RpmUpdatesTest, AnOldListIsSaidToBeOld) {
  host_.changed_ns -= 15LL * 86'400 * 1'000'000'000;
  EXPECT_EQ(unknown(),
            "the list of the repository base was fetched last on 2026-11-06: newer updates are not "
            "in it");
}

TEST_F(RpmUpdatesTest, WithoutAnyListTheTableIsUnavailable) {
  std::erase_if(host_.files, [](const auto& file) { return file.first.starts_with("/var/cache"); });
  EXPECT_EQ(collect().error().code(), Code::kNotFound);
  host_.files.erase("/etc/yum.repos.d/base.repo");
  EXPECT_EQ(collect().error().code(), Code::kNotFound);
}

TEST_F(RpmUpdatesTest, AListThatIsNotInTheCacheIsSaid) {
  host_.files.erase(std::string(kCache) + "1-primary.xml");
  EXPECT_EQ(collect().error().message(),
            "the list 1-primary.xml of the repository base is not in the cache");
}

TEST_F(RpmUpdatesTest, EveryManagersCacheIsFound) {
  for (const auto* folder :
       {"/var/cache/libdnf5/base-00112233445566aa/repodata/", "/var/cache/yum/x86_64/7/base/",
        "/srv/cache/base-00112233445566aa/repodata/"}) {
    std::erase_if(host_.files, [](const auto& file) {
      return file.first.contains("repodata/") || file.first.starts_with("/var/cache");
    });
    host_.files["/etc/dnf/dnf.conf"] = "[main]\ncachedir=/srv/cache/\n";
    fetched(folder, package("a", "7", "1"));
    EXPECT_EQ(pending(), "a|1.0-1|7-1|NULL\n") << folder;
  }
}

TEST_F(RpmUpdatesTest, ZyppersCacheIsFound) {
  host_.files.erase("/etc/yum.repos.d/base.repo");
  host_.files["/etc/zypp/repos.d/oss.repo"] = "[repo/oss]\nname=Main\n";
  fetched("/var/cache/zypp/raw/repo_oss/repodata/", package("a", "8", "1"));
  EXPECT_EQ(pending(), "a|1.0-1|8-1|NULL\n");
}

TEST_F(RpmUpdatesTest, OfSeveralCachesTheOneWrittenLastCounts) {
  const std::string other = "/var/cache/dnf/base-ffffffffffffffff/repodata/";
  fetched(other, package("a", "9", "1"));
  for (const auto* name : {"repomd.xml"})
    host_.statuses[other + name] = {.kind = FileKind::kRegular,
                                    .modified_ns = host_.changed_ns - 1'000'000'000};
  EXPECT_EQ(pending(), "a|1.0-1|1.1-1|NULL\n");
}

TEST_F(RpmUpdatesTest, AnExcludedUpdateIsHeldNotGone) {
  host_.files["/etc/dnf/dnf.conf"] = "[main]\nexcludepkgs=a\n";
  EXPECT_EQ(cell(good(collect()), "name", "a", "is_held"), "1");
}

TEST_F(RpmUpdatesTest, ADamagedListIsAnErrorNotFewerRows) {
  for (const auto* text : {"<metadata><package>", "<html/>", ""}) {
    host_.files[std::string(kCache) + "1-primary.xml"] = text;
    EXPECT_EQ(collect().error().code(), Code::kInvalidData) << text;
  }
  host_.files[std::string(kCache) + "1-primary.xml"] = "<metadata></metadata>";
  EXPECT_NE(collect().error().message().find("its index says"), std::string::npos);
}

TEST_F(RpmUpdatesTest, AListOfAnotherKindIsSaidOrUnavailable) {
  host_.files[std::string(kCache) + "repomd.xml"] =
      "<repomd><data type='filelists'><location href='1.xml.gz'/></data></repomd>";
  EXPECT_EQ(collect().error().message(), "the repository base has no list that this agent reads");
}

TEST_F(RpmUpdatesTest, OfAListInSeveralFormsTheOneThatIsThereIsRead) {
  const std::string text = "<metadata>" + package("a", "2", "1") + "</metadata>";
  const std::string cache = kCache;
  host_.files.erase(cache + "1-primary.xml");
  host_.files[cache + "repomd.xml"] =
      "<repomd><data type='primary'><location href='1-primary.xml.gz'/></data>"
      "<data type='primary_zck'><location href='1-primary.xml.zck'/><open-size>" +
      std::to_string(text.size()) +
      "</open-size></data><data type='updateinfo_zck'><location href='u.xml.zck'/></data></repomd>";
  ZchunkBytes packed;
  packed.chunks = {text};
  host_.files[cache + "1-primary.xml.zck"] = packed.bytes();
  packed.chunks = {
      "<updates><update type='security'><id>F-1</id><pkglist><collection><package "
      "name='a' arch='x86_64' epoch='0' version='2' release='1'/></collection>"
      "</pkglist></update></updates>"};
  host_.files[cache + "u.xml.zck"] = packed.bytes();
  EXPECT_EQ(pending(), "a|1.0-1|2-1|1\n");
}

// As yum 3 leaves a repository: the lists beside their index, what it unpacked in gen/.
class YumCacheTest : public RpmUpdatesTest {
 protected:
  YumCacheTest() {
    std::erase_if(host_.files,
                  [](const auto& file) { return file.first.starts_with("/var/cache"); });
    index(database("3"));
    host_.files[kFolder + "1-primary.sqlite.bz2"] = bzip2(database("3"));
  }
  static std::string database(const std::string& version) {
    return sqlite_file(
        "CREATE TABLE packages(pkgKey INTEGER PRIMARY KEY, name TEXT, arch TEXT, version TEXT, "
        "epoch TEXT, release TEXT); INSERT INTO packages VALUES(1,'a','x86_64','" +
        version + "','0','1')");
  }
  void index(const std::string& of) {
    host_.files[kFolder + "repomd.xml"] =
        "<repomd><data type='primary'><location href='repodata/1-primary.xml.gz'/></data>"
        "<data type='primary_db'><location href='repodata/1-primary.sqlite.bz2'/>"
        "<open-checksum type='sha256'>" +
        evidence::sha256(of).hex() + "</open-checksum><open-size>" + std::to_string(of.size()) +
        "</open-size></data>"
        "<data type='updateinfo'><location href='repodata/u.xml.bz2'/></data></repomd>";
    host_.files[kFolder + "u.xml.bz2"] = bzip2(
        "<updates><update type='security'><id>R-1</id><pkglist><collection><package name='a' "
        "arch='x86_64' epoch='0' version='3' release='1'/></collection></pkglist></update>"
        "</updates>");
  }

  const std::string kFolder = "/var/cache/yum/x86_64/7/base/";
};

TEST_F(YumCacheTest, APackedDatabaseIsRead) {
  EXPECT_EQ(pending(), "a|1.0-1|3-1|1\n");
}

TEST_F(YumCacheTest, TheOneThatYumUnpackedIsReadWhenItIsWhatTheIndexNames) {
  host_.files[kFolder + "gen/primary_db.sqlite"] = database("3");
  host_.files[kFolder + "1-primary.sqlite.bz2"] = "damaged";
  EXPECT_EQ(pending(), "a|1.0-1|3-1|1\n");
}

TEST_F(YumCacheTest, AnUnpackedOneOfTheListBeforeIsNotTaken) {
  host_.files[kFolder + "gen/primary_db.sqlite"] = database("2");
  EXPECT_EQ(pending(), "a|1.0-1|3-1|1\n");
  host_.files.erase(kFolder + "1-primary.sqlite.bz2");
  EXPECT_EQ(collect().error().message(),
            "the list 1-primary.xml.gz of the repository base is not in the cache");
}

TEST_F(YumCacheTest, ADamagedDatabaseIsAnErrorNotFewerRows) {
  host_.files[kFolder + "1-primary.sqlite.bz2"] = "damaged";
  EXPECT_EQ(collect().error().code(), Code::kInvalidData);
  host_.files[kFolder + "1-primary.sqlite.bz2"] = bzip2(sqlite_file("CREATE TABLE other(x)"));
  EXPECT_EQ(collect().error().code(), Code::kInvalidData);
  index("");
  host_.files[kFolder + "1-primary.sqlite.bz2"] = bzip2(database("3"));
  EXPECT_NE(collect().error().message().find("its index says 0"), std::string::npos);
}

TEST_F(YumCacheTest, ABombIsRefusedBeforeItIsHeld) {
  host_.files[kFolder + "1-primary.sqlite.bz2"] =
      bzip2(std::string(kMaxHeldDatabaseBytes + 4096, '\0'));
  EXPECT_EQ(collect().error().code(), Code::kTooLarge);
}

TEST_F(YumCacheTest, WhenYumLookedLastCountsNotTheDateOfTheServersFile) {
  host_.changed_ns -= 15LL * 86'400 * 1'000'000'000;
  EXPECT_TRUE(unknown().contains("was fetched last on 2026-11-06"));
  host_.files[kFolder + "cachecookie"] = "";
  host_.statuses[kFolder + "cachecookie"] = {.kind = FileKind::kRegular,
                                             .modified_ns = host_.now_seconds * 1'000'000'000};
  EXPECT_EQ(unknown(), "no such row");
}

TEST_F(RpmUpdatesTest, DpkgAsAToolDoesNotMakeItADebian) {
  host_.files["/var/lib/dpkg/status"] = "";
  EXPECT_EQ(pending(), "a|1.0-1|1.1-1|NULL\n");
}

TEST_F(RpmUpdatesTest, AFailureOfTheMachineIsPassedOn) {
  (void)collect();
  for (const auto& path :
       {std::string("/etc/yum.repos.d"), std::string("/var/cache/dnf"),
        std::string(kCache) + "repomd.xml", std::string(kCache) + "1-primary.xml"}) {
    FailingHost host(host_);
    host.fail_path(path, Error(Code::kPermissionDenied, "not ours"));
    const auto table = collect_pending_updates(host);
    ASSERT_FALSE(table.has_value()) << path;
    EXPECT_EQ(table.error().code(), Code::kPermissionDenied) << path;
  }
}

}  // namespace
}  // namespace assay::agent
