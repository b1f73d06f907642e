// The configuration file of GnuTLS: which protocol versions and hashes it switches off or on for
// all programs, and the priority string they start from.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <string_view>

namespace assay::agent {

struct GnutlsValue {
  std::string text;       // of a key that stands several times: all values, joined by commas
  std::int64_t line = 0;  // of the last
};

// By key, such as "disabled-version" or "override-mode"; section "priorities" is left out. A text
// of Red Hat 8, one line "SYSTEM=…", has the key "SYSTEM".
[[nodiscard]] std::map<std::string, GnutlsValue, std::less<>> parse_gnutls_conf(
    std::string_view text);

}  // namespace assay::agent
