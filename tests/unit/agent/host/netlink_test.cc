#include "agent/host/netlink.h"

#include <gtest/gtest.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cstring>

#include "agent/host/file_descriptor.h"
#include "agent/host/proc_net.h"
#include "agent/host/socket_owners.h"

namespace assay::agent {
namespace {

// A socket of our own on a free port of 127.0.0.1, as the kernel should describe it.
struct OwnSocket {
  explicit OwnSocket(int type) : file(::socket(AF_INET, type, 0)) {
    ::sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    ::sockaddr plain;
    std::memcpy(&plain, &address, sizeof plain);
    EXPECT_EQ(::bind(file.number(), &plain, sizeof plain), 0);
    if (type == SOCK_STREAM) {
      EXPECT_EQ(::listen(file.number(), 1), 0);
    }
    ::socklen_t length = sizeof plain;
    EXPECT_EQ(::getsockname(file.number(), &plain, &length), 0);
    std::memcpy(&address, &plain, sizeof plain);
    struct ::stat status{};
    EXPECT_EQ(::fstat(file.number(), &status), 0);
    expected = {.protocol = static_cast<std::uint8_t>(type == SOCK_STREAM ? 6 : 17),
                .family = AF_INET,
                .address = "127.0.0.1",
                .port = ntohs(address.sin_port),
                .uid = ::getuid(),
                .inode = status.st_ino};
  }
  FileDescriptor file;
  Socket expected;
};

bool is_seen(const Socket& socket) {
  const auto sockets = dump_listening_sockets();
  EXPECT_TRUE(sockets.has_value()) << sockets.error().message();
  return std::ranges::find(*sockets, socket) != sockets->end();
}

TEST(NetlinkTest, SeesATcpSocketOnlyWhileItListens) {
  Socket gone;
  {
    const OwnSocket own(SOCK_STREAM);
    EXPECT_TRUE(is_seen(own.expected));
    gone = own.expected;
  }
  EXPECT_FALSE(is_seen(gone));
}

TEST(NetlinkTest, SeesAUdpSocketWithoutPeer) {
  EXPECT_TRUE(is_seen(OwnSocket(SOCK_DGRAM).expected));
}

TEST(NetlinkTest, ProcNetDescribesASocketAlike) {
  for (const int type : {SOCK_STREAM, SOCK_DGRAM}) {
    const OwnSocket own(type);
    const auto sockets = read_proc_net(own.expected.protocol, AF_INET);
    ASSERT_TRUE(sockets.has_value()) << sockets.error().message();
    EXPECT_NE(std::ranges::find(*sockets, own.expected), sockets->end());
  }
}

TEST(NetlinkTest, FindsTheOwnerOfASocket) {
  const OwnSocket own(SOCK_STREAM);
  const auto owners = find_socket_owners({own.expected.inode, ~std::uint64_t{0}});
  EXPECT_EQ(owners.value(), (std::vector<SocketOwner>{{own.expected.inode, ::getpid()}}));
}

TEST(NetlinkTest, SeesTheLoopbackAddress) {
  const auto addresses = dump_interface_addresses();
  const InterfaceAddress loopback{.interface = "lo", .address = "127.0.0.1", .mask = "255.0.0.0"};
  EXPECT_NE(std::ranges::find(addresses.value(), loopback), addresses->end());
}

}  // namespace
}  // namespace assay::agent
