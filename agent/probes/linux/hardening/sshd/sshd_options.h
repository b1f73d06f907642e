// Options for sshd's command line that files of the distribution hold: SSHD_OPTS of Debian,
// OPTIONS and CRYPTO_POLICY of Red Hat.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "agent/host/host.h"

namespace assay::agent {

struct SshdOption {
  std::string keyword;  // in small letters, as in sshd_config; kSshdFileOption for -f
  std::vector<std::string> arguments;
  std::string source;
  std::int64_t line = 0;
};
inline constexpr std::string_view kSshdFileOption = "-f";

// The options in the value of a variable: -o Keyword=value, -p port, -f file, -4, -6.
[[nodiscard]] std::vector<SshdOption> parse_sshd_options(std::string_view value,
                                                         const std::string& source,
                                                         std::int64_t line);

// An error when such a file is there and cannot be read.
[[nodiscard]] Result<std::vector<SshdOption>> read_sshd_options(Host& host);

}  // namespace assay::agent
