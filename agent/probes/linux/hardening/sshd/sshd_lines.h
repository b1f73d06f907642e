// The lines of an sshd_config file, as sshd(8) splits them.
//
// "Port 22", "Port=22" and `"Port" = '22'` are the same; an argument that begins
// with # ends the line. Which keywords there are is not asked here.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "evidence/result.h"

namespace assay::agent {

struct SshdLine {
  std::int64_t number = 0;  // from 1
  std::string keyword;      // in small letters
  std::vector<std::string> arguments;
};

// kInvalidData names the first line that makes sshd refuse the file: a keyword without an
// argument, a quotation mark that is not closed, a NUL.
[[nodiscard]] Result<std::vector<SshdLine>> parse_sshd_lines(std::string_view text);

// More arguments than sshd's own limit of what a line can do anything with.
inline constexpr std::size_t kMaxSshdArguments = 1024;

}  // namespace assay::agent
