#include "agent/probes/linux/libraries/programs/unpackaged_binaries.h"

#include <gtest/gtest.h>

#include "agent/host/failing_host.h"
#include "tests/unit/agent/probes/linux/libraries/programs/machine.h"
#include "tests/unit/agent/rows.h"

namespace assay::agent {
namespace {

// SHA-256 of "#!/bin/sh\n".
constexpr const char* kDigest = "a8076d3d28d21e02012b20eaf7dbf75409a6277134439025f282e368e3305abf";

evidence::Table table_of(Host& host) {
  return good(collect_unpackaged_binaries(host));
}

TEST(UnpackagedBinariesTest, FillsEveryColumn) {
  Machine machine;
  machine.add_program("/usr/local/bin/tool", "#!/bin/sh\n", 04755);
  const auto table = table_of(machine.host);
  ASSERT_EQ(table.rows().size(), 1U);
  EXPECT_EQ(row(table, 0, {"path", "kind", "size", "uid", "gid", "mode"}),
            "/usr/local/bin/tool|script|10|1|2|4755");
  EXPECT_EQ(row(table, 0, {"sha256", "in_path", "running", "note"}),
            std::string(kDigest) + "|1|0|NULL");
}

TEST(UnpackagedBinariesTest, WhatAPackageOwnsIsLeftOut) {
  Machine machine;
  machine.add_program("/usr/bin/ls");
  machine.add_owned("/bin/ls", "coreutils");
  machine.run(7, "/usr/bin/ls");
  EXPECT_EQ(table_of(machine.host).rows().size(), 0U);
}

TEST(UnpackagedBinariesTest, ARunningProgramFromAnywhereIsListed) {
  Machine machine;
  machine.add_program("/tmp/x",
                      "\x7F"
                      "ELF…");
  machine.run(7, "/tmp/x");
  EXPECT_EQ(row(table_of(machine.host), 0, {"path", "kind", "in_path", "running"}),
            "/tmp/x|elf|0|1");
}

TEST(UnpackagedBinariesTest, AProgramWithoutAFileIsListedWithTheReason) {
  Machine machine;
  machine.run(7, "/memfd:x", true);
  EXPECT_EQ(row(table_of(machine.host), 0, {"path", "sha256", "size", "running", "note"}),
            "/memfd:x|NULL|NULL|1|what runs is not this file: it was replaced or removed after "
            "the start");
}

TEST(UnpackagedBinariesTest, AProgramWithoutAStatusMakesTheTableUnknown) {
  Machine machine;
  machine.add_program("/usr/bin/x");
  FailingHost host(machine.host);
  host.fail_path("/usr/bin/x", Error(Code::kIo, "no"));
  EXPECT_EQ(collect_unpackaged_binaries(host).error().code(), Code::kIo);
}

TEST(UnpackagedBinariesTest, WhereOwnersAreNotKnownThereIsNoTable) {
  Machine machine;
  machine.add_program("/usr/bin/x");
  machine.host.files.erase("/var/lib/dpkg/info/base.list");
  EXPECT_EQ(collect_unpackaged_binaries(machine.host).error().code(), Code::kNotSupported);
}

TEST(UnpackagedBinariesTest, AFolderThatCannotBeListedIsARow) {
  Machine machine;
  machine.add_program("/usr/games/x");
  FailingHost host(machine.host);
  host.fail_path("/usr/games", Error(Code::kPermissionDenied, "no"));
  EXPECT_EQ(cell(table_of(host), "path", "/usr/games", "sha256"), "NULL");
}

}  // namespace
}  // namespace assay::agent
