#include "agent/probes/linux/operations/logging/syslog_ng_conf.h"

#include <gtest/gtest.h>

namespace assay::agent {
namespace {

TEST(SyslogNgConfTest, ReadsDestinationsOfAllKinds) {
  const auto conf = parse_syslog_ng_conf(
      "@version: 3.38\n@include \"scl.conf\"\n# destination x { file(\"/no\"); };\n"
      "destination d_a { file(\"/var/log/a\" perm(0640)); };\n"
      "destination d_b {\n  network(\"h\" port(6514) transport(\"tls\")\n"
      "    tls(ca-dir(\"/etc\"))); udp(\"u\"); };\n");
  ASSERT_TRUE(conf.has_value());
  ASSERT_EQ(conf->drivers.size(), 3U);
  EXPECT_EQ(conf->drivers[0].target, "/var/log/a");
  EXPECT_EQ(conf->drivers[0].perm, "0640");
  EXPECT_EQ(conf->drivers[1].destination, "d_b");
  EXPECT_EQ(conf->drivers[1].port, "6514");
  EXPECT_EQ(conf->drivers[1].transport, "tls");
  EXPECT_EQ(conf->drivers[1].line, 6);
  EXPECT_EQ(conf->drivers[2].driver, "udp");
  EXPECT_EQ(conf->includes, std::vector<std::string>{"scl.conf"});
}

TEST(SyslogNgConfTest, AReferenceInALogPathIsNoDestination) {
  const auto conf = parse_syslog_ng_conf(
      "log { source(s); destination(d_a); };\nlog { destination { tcp(\"x\"); }; };\n");
  ASSERT_EQ(conf.value().drivers.size(), 1U);
  EXPECT_EQ(conf->drivers[0].target, "x");
  EXPECT_EQ(conf->drivers[0].destination, "");
}

TEST(SyslogNgConfTest, WhatDoesNotEndIsAnError) {
  for (const auto* text : {"destination d { file(\"/x\"", "destination d { file(\"/x\"); ",
                           "destination d { file(\"/x"})
    EXPECT_FALSE(parse_syslog_ng_conf(text).has_value()) << text;
}

TEST(SyslogNgConfTest, BareWordsAtTheEndAreHarmless) {
  for (const auto* text : {"destination", "destination d", "destination {", "@include", "(", ""})
    (void)parse_syslog_ng_conf(text);  // no crash is what counts
  EXPECT_TRUE(parse_syslog_ng_conf("destination d").has_value());
}

}  // namespace
}  // namespace assay::agent
