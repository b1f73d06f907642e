#include <gtest/gtest.h>

#include <algorithm>

#include "agent/host/live_host.h"
#include "agent/host/recording_host.h"
#include "agent/probes/probe.h"
#include "evidence/schema.h"
#include "tests/unit/agent/rows.h"

namespace assay::agent {
namespace {

Result<evidence::Table> collected(const Probe& probe, Host& host) {
  if (probe.collect != nullptr) return probe.collect(host);
  const auto walker = probe.walker();
  const auto walk = host.walk(*walker);
  return walk ? walker->finish(host, *walk) : Result<evidence::Table>(fail(walk.error()));
}

TEST(RegistryTest, EveryProbeFillsADeclaredHostTable) {
  for (const auto& probe : all_probes()) {
    const auto* spec = evidence::find_table(probe.table);
    ASSERT_NE(spec, nullptr) << probe.table;
    EXPECT_EQ(spec->origin, evidence::Origin::kHost);
    EXPECT_EQ(find_probe(probe.table), &probe);
  }
  EXPECT_EQ(find_probe("no_such_table"), nullptr);
}

TEST(RegistryTest, ProbesAreSortedByTable) {
  EXPECT_TRUE(std::ranges::is_sorted(all_probes(), {}, &Probe::table));
}

TEST(RegistryTest, AProbeIsAFunctionOrAWalker) {
  for (const auto& probe : all_probes())
    EXPECT_NE(probe.collect == nullptr, probe.walker == nullptr) << probe.table;
}

TEST(RegistryTest, TablesOfThisMachineAreTrueToTheirDeclaration) {
  LiveHost host;
  for (const auto& probe : all_probes()) {
    const auto table = collected(probe, host);
    // A container may lack a database or a right; then there is a reason.
    if (table)
      EXPECT_EQ(table->defect(), "") << probe.table;
    else
      EXPECT_NE(table.error().message(), "") << probe.table;
  }
}

}  // namespace
}  // namespace assay::agent
