#include "agent/probes/linux/libraries/programs/go_binaries.h"

#include <gtest/gtest.h>

#include "tests/unit/agent/probes/linux/libraries/programs/elf_builder.h"
#include "tests/unit/agent/probes/linux/libraries/programs/machine.h"
#include "tests/unit/agent/rows.h"

namespace assay::agent {
namespace {

constexpr const char* kModules =
    "path\texample.org/tool/cmd/tool\nmod\texample.org/tool\tv1.1.1\t\n"
    "dep\tgolang.org/x/crypto\tv0.7.0\th1:x=\nbuild\tvcs.revision=0a1b\n";

evidence::Table table_of(Machine& machine) {
  return good(collect_go_binaries(machine.host));
}

TEST(GoBinariesTest, AProgramIsARowForEachModule) {
  Machine machine;
  machine.add_program("/usr/local/bin/tool", go_program("go1.19.8", kModules));
  const auto table = table_of(machine);
  ASSERT_EQ(table.rows().size(), 3U);
  EXPECT_EQ(row(table, 0, {"path", "kind", "module", "version", "go_version"}),
            "/usr/local/bin/tool|main|example.org/tool|v1.1.1|go1.19.8");
  EXPECT_EQ(row(table, 0, {"package", "revision", "replaces", "purl", "note"}),
            "example.org/tool/cmd/tool|0a1b|NULL|pkg:golang/example.org/tool@v1.1.1|NULL");
  EXPECT_EQ(cell(table, "kind", "dependency", "purl"), "pkg:golang/golang.org/x/crypto@v0.7.0");
  EXPECT_EQ(cell(table, "kind", "standard_library", "purl"), "pkg:golang/stdlib@1.19.8");
}

TEST(GoBinariesTest, ARunningProgramCounts) {
  Machine machine;
  machine.add_program("/opt/tool", go_program("go1.22.1", kModules));
  machine.run(7, "/opt/tool");
  EXPECT_EQ(cell(table_of(machine), "path", "/opt/tool", "go_version"), "go1.22.1");
}

TEST(GoBinariesTest, ADevelopmentVersionHasNoPurl) {
  Machine machine;
  machine.add_program("/usr/bin/t", go_program("devel go1.21-0a", "path\tx\nmod\tx\t(devel)\t\n"));
  const auto table = table_of(machine);
  EXPECT_EQ(cell(table, "kind", "main", "version"), "(devel)");
  EXPECT_EQ(cell(table, "kind", "main", "purl"), "NULL");
  EXPECT_EQ(cell(table, "kind", "standard_library", "version"), "NULL");
}

TEST(GoBinariesTest, OtherProgramsAreNoRows) {
  Machine machine;
  machine.add_program("/usr/bin/script");
  machine.add_program("/usr/bin/c", ElfBuilder().bytes());
  EXPECT_EQ(table_of(machine).rows().size(), 0U);
}

TEST(GoBinariesTest, ADamagedProgramIsARowThatSaysSo) {
  Machine machine;
  machine.add_program("/usr/bin/bad",
                      "\x7F"
                      "ELF\2\1");
  EXPECT_EQ(row(table_of(machine), 0, {"path", "module", "note"}),
            "/usr/bin/bad|NULL|a damaged ELF header: it is too short");
}

TEST(GoBinariesTest, HiddenProcessesAreARowThatSaysSo) {
  Machine machine;
  machine.run(7, "");
  EXPECT_EQ(row(table_of(machine), 0, {"path", "note"}),
            "NULL|some processes may not be looked at, the first is x");
}

}  // namespace
}  // namespace assay::agent
