#include "agent/network/sweep/engine/icmp_error.h"

#include <linux/errqueue.h>
#include <netinet/in.h>
#include <sys/socket.h>

#include <algorithm>
#include <array>
#include <cstring>

#include "agent/network/sweep/engine/endpoint.h"

namespace assay::agent::sweep {

namespace {

std::optional<IcmpError> error_from(const cmsghdr* control) {
  const bool is_v4 = control->cmsg_level == IPPROTO_IP && control->cmsg_type == IP_RECVERR;
  const bool is_v6 = control->cmsg_level == IPPROTO_IPV6 && control->cmsg_type == IPV6_RECVERR;
  if (!is_v4 && !is_v6) return std::nullopt;
  struct {
    sock_extended_err error;
    sockaddr_in6 teller;
  } said{};
  std::memcpy(&said, CMSG_DATA(control), std::min(sizeof said, control->cmsg_len - CMSG_LEN(0)));
  const bool is_unreachable =
      (said.error.ee_origin == SO_EE_ORIGIN_ICMP && said.error.ee_type == 3) ||
      (said.error.ee_origin == SO_EE_ORIGIN_ICMP6 && said.error.ee_type == 1);
  if (!is_unreachable) return std::nullopt;
  Endpoint teller;
  teller.room = said.teller;
  return IcmpError{facts_of(teller).address, said.error.ee_code == (is_v4 ? 3 : 4)};
}

}  // namespace

void keep_errors(int socket, bool is_v4) {
  const int yes = 1;
  // Without it a rejection is silence: less is known, nothing false.
  (void)::setsockopt(socket, is_v4 ? IPPROTO_IP : IPPROTO_IPV6, is_v4 ? IP_RECVERR : IPV6_RECVERR,
                     &yes, sizeof yes);
}

std::optional<IcmpError> error_of_others(int socket, const sensor::Address& ours) {
  alignas(cmsghdr) std::array<char, 512> room;
  std::array<char, 128> quoted;
  iovec part{quoted.data(), quoted.size()};
  msghdr message{};
  message.msg_iov = &part;
  message.msg_iovlen = 1;
  message.msg_control = room.data();
  message.msg_controllen = room.size();
  if (::recvmsg(socket, &message, MSG_ERRQUEUE | MSG_DONTWAIT) < 0) return std::nullopt;
  for (auto* at = CMSG_FIRSTHDR(&message); at != nullptr; at = CMSG_NXTHDR(&message, at))
    if (auto error = error_from(at))
      return error->is_of_port || error->teller != ours ? error : std::nullopt;
  return std::nullopt;
}

}  // namespace assay::agent::sweep
