// What an address says of itself, and whether it lies in a network. Pure; any thread.
#pragma once

#include <optional>
#include <string_view>

namespace assay::checks {

// loopback, any, link_local, private or public, by RFC 1122, 1918, 3927, 4193, 4291 and 6598; an
// IPv4-mapped address is judged as its IPv4 address. nullopt for what is no address.
[[nodiscard]] std::optional<std::string_view> address_class(std::string_view address);

// Whether an address lies in a network (192.0.2.0/24, 2001:db8::/32, or one address); bits of the
// network behind its prefix do not count. nullopt when either is malformed.
[[nodiscard]] std::optional<bool> is_in_network(std::string_view address, std::string_view network);

}  // namespace assay::checks
