// /etc/exports: what the NFS server gives to whom.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace assay::agent {

// Where kinds of login differ (sec=sys,ro,sec=krb5,rw), what any of them may do.
struct NfsExport {
  std::string path;
  std::string client;   // "*": everybody
  std::string options;  // as written, those for all clients of the line first
  std::int64_t line = 0;
  bool is_read_only = true;
  bool is_root_squashed = true;
  bool is_all_squashed = false;
  bool is_secure_port = true;  // only from ports below 1024
  std::string security;        // sec=, with colons; "sys" unless it says otherwise
};

// At most kMaxExports. A blank between a client and "(" makes two of it, as for the server.
[[nodiscard]] std::vector<NfsExport> parse_exports(std::string_view text);

inline constexpr std::size_t kMaxExports = 50'000;

}  // namespace assay::agent
