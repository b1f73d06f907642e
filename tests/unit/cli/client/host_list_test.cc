#include "cli/client/host_list.h"

#include <gtest/gtest.h>

namespace assay::cli {
namespace {

using Hosts = std::vector<std::string>;

std::string refusal(std::string_view text) {
  const auto hosts = parse_host_list(text);
  return hosts ? "no refusal" : hosts.error().message();
}

TEST(HostList, IsOneHostALine) {
  EXPECT_EQ(parse_host_list("web-2\nweb-1\n").value(), (Hosts{"web-1", "web-2"}));
  EXPECT_EQ(parse_host_list("web-1").value(), Hosts{"web-1"});
}

TEST(HostList, CommentsSpacesAndEmptyLinesSayNothing) {
  EXPECT_EQ(parse_host_list("# branch\n\n  web-1\t# the old one\r\n\tweb 2 \n").value(),
            (Hosts{"web 2", "web-1"}));
  EXPECT_EQ(parse_host_list("rack#4\n").value(), Hosts{"rack#4"});
}

TEST(HostList, AByteOrderMarkIsNoPartOfAName) {
  EXPECT_EQ(parse_host_list("\xEF\xBB\xBFweb-1\r\n").value(), Hosts{"web-1"});
}

TEST(HostList, AHostThatIsThereTwiceIsOne) {
  EXPECT_EQ(parse_host_list("a\nb\na\n").value(), (Hosts{"a", "b"}));
}

TEST(HostList, WithoutAHostItIsNoList) {
  for (const auto* text : {"", "\n\n", "# all of them\n", " \t\r\n"})
    EXPECT_EQ(refusal(text), "no host is named") << text;
  EXPECT_EQ(parse_host_list("").error().in(Language::kChinese), "沒有列出任何主機");
}

TEST(HostList, WhatCanBeNoNameIsRefusedWithItsLine) {
  EXPECT_EQ(refusal("a\nb\x01\n"), "line 2: not UTF-8, or holds a control character");
  EXPECT_EQ(refusal("a\n\n\xFF\n"), "line 3: not UTF-8, or holds a control character");
  EXPECT_EQ(refusal(std::string("a\0b", 3)), "line 1: not UTF-8, or holds a control character");
}

TEST(HostList, IsBounded) {
  EXPECT_EQ(parse_host_list(std::string(kMaxListedHostBytes, 'x')).value().size(), 1U);
  EXPECT_EQ(refusal(std::string(kMaxListedHostBytes + 1, 'x')),
            "line 1: longer than 255 bytes; one host a line");
  std::string many;
  for (std::size_t i = 0; i < kMaxListedHosts; ++i) many += "host-" + std::to_string(i) + "\n";
  EXPECT_EQ(parse_host_list(many).value().size(), kMaxListedHosts);
  EXPECT_EQ(refusal(many + "one-more\n"), "line 10001: more than 10000 hosts");
}

}  // namespace
}  // namespace assay::cli
