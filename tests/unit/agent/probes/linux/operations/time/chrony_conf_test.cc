#include "agent/probes/linux/operations/time/chrony_conf.h"

#include <gtest/gtest.h>

#include "agent/probes/linux/operations/time/ntp_conf.h"

namespace assay::agent {
namespace {

TEST(ChronyConfTest, ReadsSourcesWithTheirProof) {
  const auto conf = parse_chrony_conf(
      "! c\nserver a iburst nts\nPOOL b maxsources 4\npeer c key 7\nrefclock PHC /dev/ptp0\n"
      "confdir /x /y\nsourcedir /run/z\ninclude /w/*.conf\nserver\n%server d\n");
  ASSERT_EQ(conf.value().sources.size(), 4U);
  EXPECT_EQ(conf->sources[0].is_authenticated, true);
  EXPECT_EQ(conf->sources[1].kind, "pool");
  EXPECT_EQ(conf->sources[1].is_authenticated, false);
  EXPECT_EQ(conf->sources[2].is_authenticated, true);
  EXPECT_EQ(conf->sources[3].server, "PHC /dev/ptp0");
  EXPECT_EQ(conf->sources[3].place.line, 5);
  EXPECT_EQ(conf->conf_folders.size(), 2U);
}

TEST(ChronyConfTest, RefusesBinaryAndTooManySources) {
  EXPECT_FALSE(parse_chrony_conf(std::string_view("\0", 1)).has_value());
  std::string many;
  for (std::size_t i = 0; i <= kMaxTimeSources; ++i) many += "server a\n";
  EXPECT_FALSE(parse_chrony_conf(many).has_value());
  EXPECT_FALSE(parse_ntp_conf(many).has_value());
  EXPECT_FALSE(parse_openntpd_conf(many).has_value());
}

TEST(NtpConfTest, ReadsServersAndClocksOfTheMachine) {
  const auto conf = parse_ntp_conf(
      "server -4 a iburst key 3 # x\npool b\nserver 127.127.1.0\nincludefile /etc/ntp/more\n");
  ASSERT_EQ(conf.value().sources.size(), 3U);
  EXPECT_EQ(conf->sources[0].server, "a");
  EXPECT_EQ(conf->sources[0].is_authenticated, true);
  EXPECT_EQ(conf->sources[2].kind, "refclock");
  EXPECT_EQ(conf->includes.size(), 1U);
}

TEST(NtpConfTest, ReadsOpenNtpd) {
  const auto sources =
      parse_openntpd_conf("servers pool.example\nserver a weight 2\nsensor nmea0\n");
  ASSERT_EQ(sources.value().size(), 3U);
  EXPECT_EQ(sources->at(0).kind, "pool");
}

}  // namespace
}  // namespace assay::agent
