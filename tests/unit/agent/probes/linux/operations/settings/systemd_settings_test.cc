#include "agent/probes/linux/operations/settings/systemd_settings.h"

#include <gtest/gtest.h>

#include "agent/host/failing_host.h"
#include "tests/unit/agent/memory_host.h"

namespace assay::agent {
namespace {

std::string value(Host& host, const std::string& key) {
  const auto settings = read_systemd_settings(host, "journald.conf", "Journal", {"List"});
  if (!settings) return settings.error().message();
  const auto found = settings->find(key);
  if (found == settings->end()) return "not set";
  return found->second.value + " " + found->second.place.source + ":" +
         std::to_string(*found->second.place.line);
}

TEST(SystemdSettingsTest, ADropInHasTheLastWord) {
  MemoryHost host;
  host.files = {{"/etc/systemd/journald.conf", "[Journal]\nStorage=auto\n"},
                {"/usr/lib/systemd/journald.conf.d/50-x.conf", "[Journal]\nStorage=volatile\n"},
                {"/etc/systemd/journald.conf.d/10-y.conf", "[Journal]\n\nStorage=persistent\n"}};
  EXPECT_EQ(value(host, "Storage"), "volatile /usr/lib/systemd/journald.conf.d/50-x.conf:2");
}

TEST(SystemdSettingsTest, ADropInOfEtcReplacesTheOneOfTheSameName) {
  MemoryHost host;
  host.files = {{"/usr/lib/systemd/journald.conf.d/a.conf", "[Journal]\nStorage=none\n"},
                {"/etc/systemd/journald.conf.d/a.conf", "[Journal]\nCompress=no\n"}};
  EXPECT_EQ(value(host, "Storage"), "not set");
}

TEST(SystemdSettingsTest, TheMainFileOfEtcReplacesThatOfUsr) {
  MemoryHost host;
  host.files = {{"/usr/lib/systemd/journald.conf", "[Journal]\nStorage=none\n"},
                {"/etc/systemd/journald.conf", "[Journal]\n"}};
  EXPECT_EQ(value(host, "Storage"), "not set");
}

TEST(SystemdSettingsTest, AnEmptyValueTakesBackWhatWasSet) {
  MemoryHost host;
  host.files = {{"/etc/systemd/journald.conf", "[Journal]\nStorage=none\nStorage=\nOther=1\n"}};
  EXPECT_EQ(value(host, "Storage"), "not set");
}

TEST(SystemdSettingsTest, OtherSectionsDoNotCount) {
  MemoryHost host;
  host.files = {{"/etc/systemd/journald.conf", "[journal]\nStorage=none\n"}};
  EXPECT_EQ(value(host, "Storage"), "not set");
}

TEST(SystemdSettingsTest, ListsGrow) {
  MemoryHost host;
  host.files = {{"/etc/systemd/journald.conf", "[Journal]\nList=a b\nList=c\n"}};
  EXPECT_EQ(value(host, "List"), "a b c /etc/systemd/journald.conf:3");
}

TEST(SystemdSettingsTest, AFolderThatCannotBeListedIsAFailure) {
  MemoryHost inner;
  FailingHost host(inner);
  host.fail_path("/etc/systemd/journald.conf.d", Error(Code::kPermissionDenied, "no"));
  EXPECT_NE(value(host, "Storage").find("no"), std::string::npos);
}

}  // namespace
}  // namespace assay::agent
