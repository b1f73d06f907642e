// One question to the kernel over netlink that is answered with a list.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "evidence/result.h"

namespace assay::agent {

struct NetlinkMessage {
  std::uint16_t type = 0;
  std::string body;  // behind the header
};

// `protocol` is that of the socket (NETLINK_ROUTE, …), `body` what follows the header of the
// request. Asks again when the list changes meanwhile; kUnavailable when it does so each time,
// kTooLarge above `max_messages`. `asking` names the act in the error.
[[nodiscard]] Result<std::vector<NetlinkMessage>> netlink_dump(int protocol, std::uint16_t type,
                                                               std::string_view body,
                                                               std::size_t max_messages,
                                                               std::string_view asking);

struct NetlinkAttribute {
  std::uint16_t type = 0;  // without the flags
  std::string_view data;
};

// The attributes in `data`; those behind the first that does not fit are left out.
[[nodiscard]] std::vector<NetlinkAttribute> netlink_attributes(std::string_view data);

// The data of the first attribute of `type`; empty when there is none.
[[nodiscard]] std::string_view netlink_attribute(const std::vector<NetlinkAttribute>& all,
                                                 std::uint16_t type);

}  // namespace assay::agent
