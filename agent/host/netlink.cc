#include "agent/host/netlink.h"

#include <arpa/inet.h>
#include <linux/inet_diag.h>
#include <linux/netlink.h>
#include <linux/rtnetlink.h>
#include <linux/sock_diag.h>
#include <net/if.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>
#include <sys/time.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>
#include <utility>

#include "agent/host/file_descriptor.h"
#include "agent/host/netlink_dump.h"
#include "agent/host/proc_net.h"

namespace assay::agent {
namespace {

constexpr std::string_view kAsking = "asking the kernel for its sockets";
constexpr std::string_view kAskingAddresses = "asking the kernel for network addresses";
constexpr std::size_t kMaxAddresses = 100'000;
constexpr std::size_t kBufferBytes = 64U << 10U;
constexpr std::size_t kMaxSockets = 1'000'000;
constexpr int kMaxDumps = 5;

struct DumpState {
  bool is_done = false;
  bool is_interrupted = false;  // the table changed meanwhile, and the answer may have gaps
};

std::string numeric_address(int family, const void* address) {
  char text[INET6_ADDRSTRLEN];
  return ::inet_ntop(family, address, text, sizeof text) == nullptr ? std::string() : text;
}

Status send_request(int netlink, std::uint8_t protocol, std::uint8_t family) {
  struct {
    ::nlmsghdr header;
    ::inet_diag_req_v2 body;
  } request{};
  request.header.nlmsg_len = sizeof request;
  request.header.nlmsg_type = SOCK_DIAG_BY_FAMILY;
  request.header.nlmsg_flags = NLM_F_REQUEST | NLM_F_DUMP;
  request.body.sdiag_family = family;
  request.body.sdiag_protocol = protocol;
  // A UDP socket without a peer is in the state that TCP calls closed.
  request.body.idiag_states = 1U << (protocol == IPPROTO_TCP ? TCP_LISTEN : TCP_CLOSE);
  if (::send(netlink, &request, sizeof request, 0) < 0) return fail(system_error(errno, kAsking));
  return {};
}

std::string interface_name(std::uint32_t index) {
  char name[IF_NAMESIZE];
  return index == 0 || ::if_indextoname(index, name) == nullptr ? std::string() : name;
}

Socket to_socket(const ::inet_diag_msg& message, std::string_view attributes,
                 std::uint8_t protocol) {
  const auto v6_only = netlink_attribute(netlink_attributes(attributes), INET_DIAG_SKV6ONLY);
  return {.protocol = protocol,
          .family = message.idiag_family,
          .address = numeric_address(message.idiag_family, message.id.idiag_src),
          .port = ntohs(message.id.idiag_sport),
          .uid = message.idiag_uid,
          .inode = message.idiag_inode,
          .is_v6_only = !v6_only.empty() && v6_only[0] != 0,
          .interface = interface_name(message.id.idiag_if)};
}

// One datagram of answers.
Status read_messages(std::string_view data, std::uint8_t protocol, DumpState& state,
                     std::vector<Socket>& sockets) {
  while (data.size() >= sizeof(::nlmsghdr) && !state.is_done) {
    ::nlmsghdr header;
    std::memcpy(&header, data.data(), sizeof header);
    if (header.nlmsg_len < sizeof header || header.nlmsg_len > data.size())
      return fail(Code::kInvalidData, std::string(kAsking) + ": an answer of a wrong length");
    const auto body = data.substr(sizeof header, header.nlmsg_len - sizeof header);
    state.is_interrupted |= (header.nlmsg_flags & NLM_F_DUMP_INTR) != 0;
    state.is_done = header.nlmsg_type == NLMSG_DONE;
    if (header.nlmsg_type == NLMSG_ERROR) {
      ::nlmsgerr error{};
      std::memcpy(&error, body.data(), std::min(sizeof error, body.size()));
      // The kernel's word for "no such protocol here" is ENOENT, as if a file were missing.
      return fail(system_error(error.error == -ENOENT ? EOPNOTSUPP : -error.error, kAsking));
    }
    if (!state.is_done && body.size() >= sizeof(::inet_diag_msg)) {
      if (sockets.size() == kMaxSockets)
        return fail(Code::kTooLarge, std::string(kAsking) + ": more than a million");
      ::inet_diag_msg message;
      std::memcpy(&message, body.data(), sizeof message);
      sockets.push_back(to_socket(message, body.substr(sizeof message), protocol));
    }
    data.remove_prefix(std::min<std::size_t>(NLMSG_ALIGN(header.nlmsg_len), data.size()));
  }
  return {};
}

// One dump. True when it is whole; false when the table changed meanwhile.
Result<bool> dump_once(int netlink, std::uint8_t protocol, std::uint8_t family,
                       std::vector<char>& buffer, std::vector<Socket>& sockets) {
  sockets.clear();
  if (auto sent = send_request(netlink, protocol, family); !sent) return fail(sent.error());
  DumpState state;
  while (!state.is_done) {
    const auto got = ::recv(netlink, buffer.data(), buffer.size(), MSG_TRUNC);
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) return fail(system_error(errno == EAGAIN ? ETIMEDOUT : errno, kAsking));
    if (static_cast<std::size_t>(got) > buffer.size())
      return fail(Code::kTooLarge, std::string(kAsking) + ": an answer that is too long");
    const std::string_view data(buffer.data(), static_cast<std::size_t>(got));
    if (auto read = read_messages(data, protocol, state, sockets); !read) return fail(read.error());
  }
  return !state.is_interrupted;
}

Result<std::vector<Socket>> dump_whole(int netlink, std::uint8_t protocol, std::uint8_t family,
                                       std::vector<char>& buffer) {
  std::vector<Socket> sockets;
  for (int i = 0; i < kMaxDumps; ++i) {
    const auto is_whole = dump_once(netlink, protocol, family, buffer, sockets);
    if (!is_whole) return fail(is_whole.error());
    if (*is_whole) return sockets;
  }
  return fail(Code::kUnavailable, std::string(kAsking) + ": they change too quickly");
}

std::string address_of(int family, std::string_view data) {
  const std::size_t length = family == AF_INET ? 4 : 16;
  return data.size() < length ? std::string() : numeric_address(family, data.data());
}

std::string mask_of(int family, std::size_t length) {
  std::array<unsigned char, 16> bytes{};
  for (std::size_t bit = 0; bit < std::min(length, bytes.size() * 8); ++bit)
    bytes[bit / 8] = static_cast<unsigned char>(bytes[bit / 8] | (0x80U >> (bit % 8)));
  return numeric_address(family, bytes.data());
}

// The kernel's own words, not getifaddrs(): that names an interface by the label of an address, and
// takes the other end's address, or the own, for a broadcast address that nobody has set.
InterfaceAddress to_address(const ::ifaddrmsg& header, std::string_view data) {
  const auto attributes = netlink_attributes(data);
  const int family = header.ifa_family;
  auto own = address_of(family, netlink_attribute(attributes, IFA_LOCAL));
  auto other = address_of(family, netlink_attribute(attributes, IFA_ADDRESS));
  if (own.empty()) own = other;
  if (other == own) other.clear();
  return {.interface = interface_name(header.ifa_index),
          .address = std::move(own),
          .mask = mask_of(family, header.ifa_prefixlen),
          .broadcast = address_of(family, netlink_attribute(attributes, IFA_BROADCAST)),
          .point_to_point = std::move(other)};
}

}  // namespace

Result<std::vector<Socket>> dump_listening_sockets() {
  const FileDescriptor netlink(::socket(AF_NETLINK, SOCK_DGRAM | SOCK_CLOEXEC, NETLINK_SOCK_DIAG));
  if (!netlink.is_open()) return fail(system_error(errno, kAsking));
  const ::timeval patience{.tv_sec = 2, .tv_usec = 0};
  if (::setsockopt(netlink.number(), SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience) != 0)
    return fail(system_error(errno, kAsking));

  std::vector<Socket> all;
  std::vector<char> buffer(kBufferBytes);
  for (const std::uint8_t protocol : {std::uint8_t{IPPROTO_TCP}, std::uint8_t{IPPROTO_UDP}}) {
    for (const std::uint8_t family : {std::uint8_t{AF_INET}, std::uint8_t{AF_INET6}}) {
      auto part = dump_whole(netlink.number(), protocol, family, buffer);
      // The diagnosis of UDP is a module, and a hardened machine may refuse to load it.
      if (!part && part.error().code() == Code::kNotSupported)
        part = read_proc_net(protocol, family);
      if (!part) return fail(std::move(part.error()));
      all.insert(all.end(), part->begin(), part->end());
    }
  }
  return all;
}

Result<std::vector<InterfaceAddress>> dump_interface_addresses() {
  std::vector<InterfaceAddress> addresses;
  for (const std::uint8_t family : {std::uint8_t{AF_INET}, std::uint8_t{AF_INET6}}) {
    std::string request(sizeof(::ifaddrmsg), '\0');
    request[0] = static_cast<char>(family);
    const auto messages =
        netlink_dump(NETLINK_ROUTE, RTM_GETADDR, request, kMaxAddresses, kAskingAddresses);
    // A kernel without IPv6 answers as one that knows no such family, or with all that it has.
    if (!messages && family == AF_INET6 && messages.error().code() == Code::kNotSupported) continue;
    if (!messages) return fail(messages.error());
    for (const auto& message : *messages) {
      ::ifaddrmsg header;
      if (message.type != RTM_NEWADDR || message.body.size() < sizeof header) continue;
      std::memcpy(&header, message.body.data(), sizeof header);
      if (header.ifa_family != family) continue;
      auto found =
          to_address(header, std::string_view(message.body).substr(NLMSG_ALIGN(sizeof header)));
      // An interface that is gone by now has taken its addresses with it.
      if (!found.interface.empty()) addresses.push_back(std::move(found));
    }
  }
  return addresses;
}

}  // namespace assay::agent
