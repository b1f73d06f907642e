// What the OpenSSH server is set to: its file with everything that it includes, the options of
// its command line as far as files hold them, and the first value of each keyword as the one
// that counts.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "agent/host/host.h"
#include "agent/probes/linux/hardening/sshd/sshd_program.h"

namespace assay::agent {

struct SshdSetting {
  std::string keyword;               // by its present name
  std::optional<std::string> value;  // nothing: it cannot be told, the note says why
  std::string source;
  std::int64_t line = 0;
  std::string match;  // criteria of the Match section; empty: for every connection
  std::string note;   // may be empty
};

// In the order in which sshd reads them. An error wherever sshd itself would not start: a file
// that cannot be read, a line that is no line, includes deeper than 16.
[[nodiscard]] Result<std::vector<SshdSetting>> read_sshd_settings(Host& host,
                                                                  const SshdProgram& program);

inline constexpr int kMaxSshdIncludeDepth = 16;
inline constexpr std::size_t kMaxSshdSettings = 20'000;

}  // namespace assay::agent
