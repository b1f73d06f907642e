// What the sshd program file itself says: its version, and the lists of algorithms that it
// was built with. Both stand in it as text, whatever distribution built it.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "agent/host/host.h"

namespace assay::agent {

struct SshdProgram {
  std::string path;
  int version = 0;  // 902 is OpenSSH 9.2; 0: not found in the file
  // Built-in lists, separated by commas; empty: not found, or not the only one of its kind.
  std::string ciphers;
  std::string macs;
  std::string kex_algorithms;
  std::string public_key_algorithms;  // of host keys and of users' keys
};

// Reads the strings of a program. Never fails: what is not found is empty.
[[nodiscard]] SshdProgram read_sshd_program(std::string_view bytes);

// The OpenSSH server of this machine; nothing when there is none in any usual place.
[[nodiscard]] Result<std::optional<SshdProgram>> find_sshd_program(Host& host);

inline constexpr std::size_t kMaxSshdProgramBytes = 16U << 20U;

}  // namespace assay::agent
