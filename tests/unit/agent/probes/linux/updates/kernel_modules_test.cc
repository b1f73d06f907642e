#include "agent/probes/linux/updates/kernel_modules.h"

#include <gtest/gtest.h>

#include "tests/unit/agent/memory_host.h"
#include "tests/unit/agent/rows.h"

namespace assay::agent {
namespace {

constexpr auto kText =
    "nf_tables 303104 12 nft_ct,nft_chain_nat, Live 0xffffffffc0a00000\n"
    "nvidia 56713216 0 - Live 0x0000000000000000 (POE)\n";

TEST(KernelModulesTest, LeavesOutCountersAndAddresses) {
  MemoryHost host;
  host.files = {{"/proc/modules", kText}};
  const auto table = good(collect_kernel_modules(host));
  EXPECT_EQ(row(table, 0, {"name", "size", "used_by", "status", "taints"}),
            "nf_tables|303104|nft_ct,nft_chain_nat|Live|NULL");
  EXPECT_EQ(row(table, 1, {"name", "used_by", "taints"}), "nvidia|NULL|POE");
}

TEST(KernelModulesTest, AKernelWithoutModulesHasNone) {
  MemoryHost host;
  host.files = {{"/proc/sys/kernel/osrelease", "6.1\n"}};
  EXPECT_TRUE(good(collect_kernel_modules(host)).rows().empty());
}

TEST(KernelModulesTest, WithoutProcNothingIsKnown) {
  MemoryHost host;
  EXPECT_EQ(collect_kernel_modules(host).error().code(), Code::kNotFound);
  host.live = false;
  EXPECT_EQ(collect_kernel_modules(host).error().code(), Code::kNotSupported);
}

TEST(KernelModulesTest, ABrokenLineIsAnErrorNotHalfATable) {
  MemoryHost host;
  host.files = {{"/proc/modules", std::string(kText) + "cut 12"}};
  EXPECT_EQ(collect_kernel_modules(host).error().message(),
            "reading /proc/modules: line 3: not a line of a module");
}

}  // namespace
}  // namespace assay::agent
