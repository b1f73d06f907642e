// The file resolv.conf, as libc reads it.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace assay::agent {

struct ResolverEntry {
  std::string type;     // nameserver, search, sortlist, option
  std::string address;  // or the name of a search domain, or the option
  std::string netmask;  // of sortlist
  bool operator==(const ResolverEntry&) const = default;
};

// The last "search" or "domain" line counts, of name servers the first three. At most 64 entries.
[[nodiscard]] std::vector<ResolverEntry> parse_resolv_conf(std::string_view text);

// The words between blanks, at most `max`.
[[nodiscard]] std::vector<std::string_view> blank_separated(std::string_view text, std::size_t max);

}  // namespace assay::agent
