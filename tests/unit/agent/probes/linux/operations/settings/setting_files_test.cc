#include "agent/probes/linux/operations/settings/setting_files.h"

#include <gtest/gtest.h>

#include "agent/host/failing_host.h"
#include "tests/unit/agent/memory_host.h"

namespace assay::agent {
namespace {

TEST(SettingFilesTest, AMissingFileSaysNothing) {
  MemoryHost host;
  EXPECT_EQ(read_settings(host, "/etc/x").value(), std::nullopt);
}

TEST(SettingFilesTest, ALinkToDevNullIsAnEmptyFile) {
  MemoryHost inner;
  inner.links["/etc/x"] = "/dev/null";
  FailingHost host(inner);
  host.fail_path("/etc/y", Error(Code::kInvalidData, "no regular file"));
  EXPECT_FALSE(read_settings(host, "/etc/y").has_value());
}

TEST(SettingFilesTest, AFailureIsPassedOn) {
  MemoryHost inner;
  FailingHost host(inner);
  host.fail_path("/etc/x", Error(Code::kIo, "disk"));
  EXPECT_EQ(read_settings(host, "/etc/x").error().code(), Code::kIo);
}

TEST(SettingFilesTest, APatternNamesFilesInOrder) {
  MemoryHost host;
  host.files = {{"/d/b.conf", ""},
                {"/d/a.conf", ""},
                {"/d/.hidden.conf", ""},
                {"/d/a.txt", ""},
                {"/d/sub.conf/x", ""}};
  EXPECT_EQ(matching_files(host, "/d/*.conf").value(),
            (std::vector<std::string>{"/d/a.conf", "/d/b.conf"}));
  EXPECT_EQ(matching_files(host, "/d/a.txt").value().size(), 1U);
  EXPECT_TRUE(matching_files(host, "/none/*.conf").value().empty());
}

TEST(SettingFilesTest, APathThatIsNotAbsoluteIsNotUnderstood) {
  MemoryHost host;
  EXPECT_EQ(matching_files(host, "x.conf").error().code(), Code::kNotSupported);
}

}  // namespace
}  // namespace assay::agent
