#include "agent/schedule/notify.h"

#include <gtest/gtest.h>
#include <sys/socket.h>
#include <sys/un.h>

#include <array>
#include <cstdlib>
#include <cstring>

#include "agent/host/file_descriptor.h"
#include "tests/unit/agent/scratch_folder.h"

namespace assay::agent {
namespace {

class NotifyTest : public testing::Test {
 protected:
  ~NotifyTest() override { ::unsetenv("NOTIFY_SOCKET"); }
  void listen() {
    const auto path = scratch_.root() + "/notify";
    sockaddr_un address{};
    address.sun_family = AF_UNIX;
    std::memcpy(address.sun_path, path.c_str(), path.size());
    ASSERT_EQ(::bind(socket_.number(), reinterpret_cast<sockaddr*>(&address), sizeof address), 0);
    ::setenv("NOTIFY_SOCKET", path.c_str(), 1);
  }
  ScratchFolder scratch_;
  FileDescriptor socket_{::socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0)};
};

TEST_F(NotifyTest, NobodyListeningIsNoFailure) {
  ::unsetenv("NOTIFY_SOCKET");
  EXPECT_TRUE(notify_service_manager("READY=1"));
}

TEST_F(NotifyTest, TheMessageArrivesAsOneDatagram) {
  listen();
  ASSERT_TRUE(notify_service_manager("READY=1\nSTATUS=ok"));
  std::array<char, 64> heard{};
  const auto size = ::recv(socket_.number(), heard.data(), heard.size(), MSG_DONTWAIT);
  ASSERT_GT(size, 0);
  EXPECT_EQ(std::string(heard.data(), static_cast<std::size_t>(size)), "READY=1\nSTATUS=ok");
}

TEST_F(NotifyTest, ASocketThatIsGoneIsAnError) {
  ::setenv("NOTIFY_SOCKET", (scratch_.root() + "/none").c_str(), 1);
  EXPECT_FALSE(notify_service_manager("READY=1"));
}

}  // namespace
}  // namespace assay::agent
