#include "agent/probes/linux/operations/time/time_sync.h"

#include <gtest/gtest.h>

#include "agent/probes/linux/operations/time/clock_state.h"
#include "tests/unit/agent/memory_host.h"
#include "tests/unit/agent/probes/fixture_host.h"
#include "tests/unit/agent/rows.h"

namespace assay::agent {
namespace {

std::string all(MemoryHost& host) {
  const auto table = good(collect_time_sync(host));
  std::string out;
  for (std::size_t i = 1; i < table.rows().size(); ++i)
    out += (out.empty() ? "" : " ") + row(table, i, {"service", "kind", "server", "line"});
  return out;
}

TEST(TimeSyncTest, TheKernelSaysWhetherItsClockIsKeptRight) {
  MemoryHost host;
  EXPECT_EQ(cell(good(collect_time_sync(host)), "service", "kernel", "synchronised"), "0");
  host.clock.is_synchronised = true;
  EXPECT_EQ(cell(good(collect_time_sync(host)), "service", "kernel", "synchronised"), "1");
  host.live = false;
  EXPECT_EQ(cell(good(collect_time_sync(host)), "service", "kernel", "synchronised"), "NULL");
}

TEST(TimeSyncTest, FollowsChronysFolders) {
  MemoryHost host;
  host.files = {{"/usr/sbin/chronyd", "x"},
                {"/etc/chrony/chrony.conf",
                 "confdir /etc/chrony/conf.d\nsourcedir /etc/chrony/sources.d\nserver a\n"},
                {"/etc/chrony/conf.d/b.conf", "pool b\n"},
                {"/etc/chrony/sources.d/c.sources", "\nserver c\n"}};
  EXPECT_EQ(all(host), "chrony|server|a|3 chrony|pool|b|1 chrony|server|c|2");
}

TEST(TimeSyncTest, ChronyOfRedHatHasItsFileInEtc) {
  MemoryHost host;
  host.files = {{"/usr/sbin/chronyd", "x"}, {"/etc/chrony.conf", "pool 2.rhel.pool.ntp.org\n"}};
  EXPECT_EQ(all(host), "chrony|pool|2.rhel.pool.ntp.org|1");
}

TEST(TimeSyncTest, ReadsAnImageOfRedHat) {
  auto host = fixture_host("rhel9_operations");
  const auto table = good(collect_time_sync(host));
  EXPECT_EQ(cell(table, "server", "time.stdtime.gov.tw", "authenticated"), "1");
  EXPECT_EQ(cell(table, "server", "time.stdtime.gov.tw", "enabled"), "1");
}

TEST(TimeSyncTest, ADaemonWithoutASourceHasARow) {
  MemoryHost host;
  host.files = {{"/usr/sbin/chronyd", "x"}, {"/etc/chrony.conf", "driftfile /x\n"}};
  EXPECT_EQ(all(host), "chrony|none|NULL|NULL");
}

TEST(TimeSyncTest, TimesyncdsServersAndItsOwn) {
  MemoryHost host;
  host.files = {{"/usr/lib/systemd/systemd-timesyncd", "x"}};
  EXPECT_EQ(all(host), "systemd-timesyncd|dhcp|NULL|NULL systemd-timesyncd|fallback|NULL|NULL");
  host.files["/etc/systemd/timesyncd.conf"] = "[Time]\nNTP=a b\nFallbackNTP=c\n";
  EXPECT_EQ(all(host),
            "systemd-timesyncd|server|a|2 systemd-timesyncd|server|b|2 "
            "systemd-timesyncd|fallback|c|3");
}

TEST(TimeSyncTest, OtherDaemonsAndGuests) {
  MemoryHost host;
  host.files = {{"/usr/sbin/ntpd", "x"},
                {"/etc/ntpsec/ntp.conf", "pool a\n"},
                {"/usr/sbin/openntpd", "x"},
                {"/etc/openntpd/ntpd.conf", "servers b\n"},
                {"/etc/conf.d/ntpd", "NTPD_OPTS=\"-N -p c\"\n"},
                {"/usr/bin/vmtoolsd", "x"}};
  EXPECT_EQ(all(host),
            "openntpd|pool|b|1 ntpd|pool|a|1 busybox-ntpd|server|c|1 "
            "VMware Tools|guest|NULL|NULL");
}

TEST(TimeSyncTest, SettingsThatAreNotUnderstoodAreARow) {
  MemoryHost host;
  host.files = {{"/usr/sbin/chronyd", "x"},
                {"/etc/chrony.conf", "include more/chrony.conf\nserver a\n"}};
  EXPECT_EQ(all(host), "chrony|server|a|2 chrony|unknown|NULL|NULL");
}

TEST(TimeSyncTest, ARemovedDaemonsSettingsDoNotCount) {
  MemoryHost host;
  host.files = {{"/var/lib/dpkg/info/chrony.list", ""},
                {"/etc/chrony/chrony.conf", "server a\n"},
                {"/var/lib/dpkg/status",
                 "Package: chrony\nStatus: deinstall ok config-files\nVersion: 4.3\n\n"}};
  EXPECT_EQ(all(host), "chrony|none|NULL|NULL");
}

TEST(ClockStateTest, ShowsTheKernelsNumbers) {
  MemoryHost host;
  host.clock = {.is_synchronised = true,
                .offset_us = -12,
                .estimated_error_us = 300,
                .maximum_error_us = 9000,
                .frequency_ppb = 1200};
  EXPECT_EQ(row(good(collect_clock_state(host)), 0,
                {"synchronised", "offset_us", "estimated_error_us", "maximum_error_us"}),
            "1|-12|300|9000");
  host.live = false;
  EXPECT_EQ(collect_clock_state(host).error().code(), Code::kNotSupported);
}

}  // namespace
}  // namespace assay::agent
