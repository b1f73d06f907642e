#include "agent/probes/linux/system/os_version.h"

#include <gtest/gtest.h>

#include "agent/host/failing_host.h"
#include "agent/probes/linux/system/architecture.h"
#include "agent/probes/linux/system/os_release.h"
#include "tests/unit/agent/memory_host.h"
#include "tests/unit/agent/probes/fixture_host.h"
#include "tests/unit/agent/rows.h"

namespace assay::agent {
namespace {

TEST(OsReleaseTest, ReadsTheShellsQuoting) {
  const auto release =
      parse_os_release("# comment\n\nA=plain\nB=\"two \\\"words\\\" \\$\"\nC='a \\b'\nD=\n")
          .value();
  EXPECT_EQ(value_of(release, "A"), "plain");
  EXPECT_EQ(value_of(release, "B"), "two \"words\" $");
  EXPECT_EQ(value_of(release, "C"), "a \\b");
  EXPECT_EQ(value_of(release, "D"), "");
}

TEST(OsReleaseTest, RefusesWhatIsNoAssignment) {
  for (const auto* text : {"words", "A=\"open", "A=two words", "=x", "A B=x", "A=\\"})
    EXPECT_FALSE(parse_os_release(text).has_value()) << text;
  EXPECT_EQ(parse_os_release("A=1\nwords\n").error().message(),
            "line 2 of os-release is no assignment");
}

TEST(OsVersionTest, DebianHasItsPointReleaseFromDebianVersion) {
  auto host = fixture_host("debian12");
  EXPECT_EQ(row(good(collect_os_version(host)), 0,
                {"name", "version", "major", "minor", "patch", "platform", "platform_like",
                 "codename", "arch", "support_end"}),
            "Debian GNU/Linux|12 (bookworm)|12|11|NULL|debian|NULL|bookworm|x86_64|NULL");
}

TEST(OsVersionTest, ATestingSystemHasNoNumbers) {
  MemoryHost host;
  host.files = {{"/etc/os-release", "NAME=Debian\nID=debian\n"}, {"/etc/debian_version", "sid\n"}};
  EXPECT_EQ(row(good(collect_os_version(host)), 0, {"version", "major", "minor"}),
            "NULL|NULL|NULL");
}

TEST(OsVersionTest, FallsBackToUsrLibAndReadsSupportEnd) {
  MemoryHost host;
  host.files = {{"/usr/lib/os-release",
                 "NAME=Fedora\nID=fedora\nVERSION_ID=41.2.3\nSUPPORT_END=2025-12-15\n"},
                {"/proc/sys/kernel/arch", "aarch64\n"}};
  EXPECT_EQ(row(good(collect_os_version(host)), 0,
                {"version", "major", "minor", "patch", "arch", "support_end"}),
            "41.2.3|41|2|3|aarch64|2025-12-15");
}

TEST(OsVersionTest, WithoutOsReleaseThereIsNoTable) {
  MemoryHost host;
  EXPECT_EQ(collect_os_version(host).error().code(), Code::kNotFound);
}

TEST(OsVersionTest, AFailureOfTheMachineIsPassedOn) {
  auto image = fixture_host("debian12");
  for (const auto* path : {"/etc/os-release", "/etc/debian_version"}) {
    FailingHost host(image);
    host.fail_path(path, Error(Code::kIo, "disk on fire"));
    const auto table = collect_os_version(host);
    ASSERT_FALSE(table.has_value()) << path;
    EXPECT_EQ(table.error().code(), Code::kIo);
  }
}

TEST(ArchitectureTest, KnowsElfHeadersOfEitherByteOrder) {
  std::string header = std::string("\x7f") + "ELF\x02\x01" + std::string(12, '\0');
  header += std::string("\xb7\x00", 2);
  EXPECT_EQ(elf_architecture(header), "aarch64");
  header[5] = 2;
  header[18] = 0;
  header[19] = 22;
  EXPECT_EQ(elf_architecture(header), "s390x");
  EXPECT_EQ(elf_architecture(header.substr(0, 19)), "");
  EXPECT_EQ(elf_architecture("#!/bin/sh and more words"), "");
}

}  // namespace
}  // namespace assay::agent
