#include "agent/host/live_host.h"

#include <gtest/gtest.h>
#include <sys/stat.h>

#include "tests/unit/agent/scratch_folder.h"

namespace assay::agent {
namespace {

constexpr std::size_t kMax = 1000;

// A root folder with a secret beside it.
class ImageTest : public testing::Test {
 protected:
  ImageTest() {
    folder_.write("secret", "outside");
    folder_.write("root/etc/hosts", "inside");
    folder_.write("root/secret", "inside too");
  }
  LiveHost image() const { return LiveHost(folder_.root() + "/root"); }
  Code failure(std::string_view path) const {
    auto host = image();
    const auto content = host.read_file(path, kMax);
    EXPECT_FALSE(content.has_value());
    return content ? Code::kInternal : content.error().code();
  }
  ScratchFolder folder_;
};

TEST_F(ImageTest, ReadsAFileOfTheImage) {
  EXPECT_EQ(image().read_file("/etc/hosts", kMax).value(), "inside");
}

TEST_F(ImageTest, ResolvesAnAbsoluteLinkInsideTheImage) {
  folder_.link("root/etc/link", folder_.root() + "/secret");
  EXPECT_EQ(failure("/etc/link"), Code::kNotFound);
  folder_.link("root/etc/good", "/secret");
  EXPECT_EQ(image().read_file("/etc/good", kMax).value(), "inside too");
}

TEST_F(ImageTest, ALinkThatClimbsStopsAtTheRoot) {
  folder_.link("root/etc/link", "../../../../../secret");
  EXPECT_EQ(image().read_file("/etc/link", kMax).value(), "inside too");
  EXPECT_EQ(image().read_file("/etc/../../secret", kMax).value(), "inside too");
}

TEST_F(ImageTest, AFolderThatIsALinkStaysInsideToo) {
  folder_.link("root/var", folder_.root());
  EXPECT_EQ(failure("/var/secret"), Code::kNotFound);
  EXPECT_FALSE(image().list_directory("/var", kMax).has_value());
  EXPECT_FALSE(image().status("/var/secret").has_value());
}

TEST_F(ImageTest, RefusesALinkThatLeadsToItself) {
  folder_.link("root/loop", "/loop");
  EXPECT_EQ(failure("/loop"), Code::kInvalidData);
}

TEST_F(ImageTest, DoesNotOpenAFifo) {
  ASSERT_EQ(::mkfifo((folder_.path() / "root/fifo").c_str(), 0600), 0);
  EXPECT_EQ(failure("/fifo"), Code::kInvalidData);
}

TEST_F(ImageTest, DoesNotReadAFolder) {
  EXPECT_EQ(failure("/etc"), Code::kInvalidData);
}

TEST_F(ImageTest, RefusesAFileOverTheLimit) {
  folder_.write("root/large", std::string(kMax + 1, 'x'));
  EXPECT_EQ(failure("/large"), Code::kTooLarge);
  folder_.write("root/exact", std::string(kMax, 'x'));
  EXPECT_EQ(image().read_file("/exact", kMax)->size(), kMax);
}

TEST_F(ImageTest, ReadsOnlyTheStartOfALargeFile) {
  folder_.write("root/large", std::string(kMax * 10, 'x'));
  EXPECT_EQ(image().read_start("/large", 512)->size(), 512U);
  EXPECT_EQ(image().read_start("/etc/hosts", 512).value(), "inside");
}

TEST_F(ImageTest, ErrorsNameThePath) {
  auto host = image();
  EXPECT_EQ(host.read_file("/etc/nothing", kMax).error().message(),
            "reading /etc/nothing: No such file or directory");
}

TEST_F(ImageTest, ListsNamesInOrderUpToTheLimit) {
  folder_.write("root/etc/b", "");
  folder_.write("root/etc/B", "");
  auto host = image();
  EXPECT_EQ(host.list_directory("/etc", 3).value(), (std::vector<std::string>{"B", "b", "hosts"}));
  EXPECT_EQ(host.list_directory("/etc", 2).error().code(), Code::kTooLarge);
}

TEST_F(ImageTest, StatusIsOfTheLinkItself) {
  folder_.link("root/link", "/etc/hosts");
  auto host = image();
  EXPECT_EQ(host.status("/link")->kind, FileKind::kSymlink);
  EXPECT_EQ(host.status("/etc/hosts")->kind, FileKind::kRegular);
  EXPECT_EQ(host.status("/etc/hosts")->size_bytes, 6U);
  EXPECT_EQ(host.read_link("/link").value(), "/etc/hosts");
  EXPECT_EQ(host.read_link("/etc/hosts").error().code(), Code::kInvalidData);
}

TEST_F(ImageTest, WhatNeedsARunningMachineIsNotSupported) {
  auto host = image();
  EXPECT_FALSE(host.is_live());
  EXPECT_EQ(host.listening_sockets().error().code(), Code::kNotSupported);
  EXPECT_EQ(host.socket_owners({}).error().code(), Code::kNotSupported);
  EXPECT_EQ(host.interface_addresses().error().code(), Code::kNotSupported);
}

TEST(LiveHostTest, ARootThatIsNotThereFailsEveryCall) {
  LiveHost host("/no/such/folder");
  EXPECT_EQ(host.opened().error().code(), Code::kNotFound);
  EXPECT_FALSE(host.is_live());
  EXPECT_EQ(host.read_file("/etc/hosts", kMax).error().code(), Code::kNotFound);
  EXPECT_EQ(host.list_directory("/", kMax).error().code(), Code::kNotFound);
  EXPECT_EQ(host.status("/").error().code(), Code::kNotFound);
}

TEST(LiveHostTest, ReadsProcFilesThatStateNoSize) {
  LiveHost host;
  EXPECT_TRUE(host.is_live());
  EXPECT_TRUE(host.read_file("/proc/self/status", 1U << 20U)->starts_with("Name:"));
  EXPECT_EQ(host.read_file("/proc/self/status", 10).error().code(), Code::kTooLarge);
  EXPECT_EQ(host.status("/proc/self/exe")->kind, FileKind::kSymlink);
}

}  // namespace
}  // namespace assay::agent
