#include "agent/probes/linux/system/system_info.h"

#include <gtest/gtest.h>

#include "agent/host/failing_host.h"
#include "agent/probes/linux/system/cpu_info.h"
#include "tests/unit/agent/memory_host.h"
#include "tests/unit/agent/probes/fixture_host.h"
#include "tests/unit/agent/rows.h"

namespace assay::agent {
namespace {

constexpr const char* kTwoSockets =
    "processor\t: 0\nmodel\t\t: 85\nmodel name\t: Some CPU\nmicrocode\t: 0x5\n"
    "physical id\t: 0\ncore id\t\t: 0\n\n"
    "processor\t: 1\nmodel name\t: Some CPU\nphysical id\t: 0\ncore id\t\t: 0\n\n"
    "processor\t: 2\nphysical id\t: 1\ncore id\t\t: 0\n\n";

MemoryHost machine() {
  MemoryHost host;
  host.files = {{"/proc/sys/kernel/hostname", "db01.example.tw\n"},
                {"/proc/sys/kernel/arch", "x86_64\n"},
                {"/proc/cpuinfo", kTwoSockets},
                {"/proc/meminfo", "MemTotal:        1000 kB\nMemFree: 1 kB\n"},
                {"/sys/class/dmi/id/product_uuid", "4c4c4544-0000\n"},
                {"/sys/class/dmi/id/sys_vendor", "Maker Inc. \n"}};
  return host;
}

TEST(CpuInfoTest, CountsThreadsCoresAndSockets) {
  const auto info = parse_cpu_info(kTwoSockets);
  EXPECT_EQ(info.logical_cores, 3);
  EXPECT_EQ(info.physical_cores, 2);
  EXPECT_EQ(info.sockets, 2);
  EXPECT_EQ(info.brand, "Some CPU");
}

TEST(CpuInfoTest, WhatIsNotStatedIsNotKnown) {
  const auto info = parse_cpu_info("processor : 0\nBogoMIPS : 50\n");
  EXPECT_EQ(info.logical_cores, 1);
  EXPECT_EQ(info.physical_cores, std::nullopt);
  EXPECT_EQ(info.sockets, std::nullopt);
}

TEST(CpuInfoTest, MemoryIsInBytes) {
  EXPECT_EQ(parse_memory_total("MemTotal:  16 kB\n"), 16384);
  EXPECT_EQ(parse_memory_total("MemTotal:  lots\n"), std::nullopt);
  EXPECT_EQ(parse_memory_total(""), std::nullopt);
}

TEST(SystemInfoTest, DescribesTheRunningMachine) {
  auto host = machine();
  EXPECT_EQ(row(good(collect_system_info(host)), 0,
                {"hostname", "local_hostname", "computer_name", "uuid", "cpu_type", "cpu_subtype",
                 "cpu_logical_cores", "cpu_microcode", "physical_memory", "hardware_vendor",
                 "hardware_serial"}),
            "db01.example.tw|db01|db01.example.tw|4c4c4544-0000|x86_64|85|3|0x5|1024000|Maker "
            "Inc.|NULL");
}

TEST(SystemInfoTest, AnImageHasOnlyNames) {
  auto host = fixture_host("debian12");
  EXPECT_EQ(row(good(collect_system_info(host)), 0,
                {"hostname", "local_hostname", "uuid", "cpu_brand", "physical_memory"}),
            "web01.example.org.tw|web01|NULL|NULL|NULL");
}

TEST(SystemInfoTest, ASerialNumberThatOnlyRootMayReadIsNull) {
  auto inner = machine();
  FailingHost host(inner);
  host.fail_path("/sys/class/dmi/id/product_uuid", Error(Code::kPermissionDenied, "no"));
  EXPECT_EQ(row(good(collect_system_info(host)), 0, {"uuid", "hardware_vendor"}),
            "NULL|Maker Inc.");
}

TEST(SystemInfoTest, AFailureOfTheMachineIsPassedOn) {
  auto inner = machine();
  for (const auto* path : {"/proc/sys/kernel/hostname", "/proc/cpuinfo", "/proc/meminfo",
                           "/etc/machine-info", "/sys/class/dmi/id"}) {
    FailingHost host(inner);
    host.fail_path(path, Error(Code::kIo, "disk on fire"));
    const auto table = collect_system_info(host);
    ASSERT_FALSE(table.has_value()) << path;
    EXPECT_EQ(table.error().code(), Code::kIo);
  }
}

}  // namespace
}  // namespace assay::agent
