// The lines of a sudoers file as sudo counts them: comments gone, continued lines joined.
// Pure; any thread.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "evidence/result.h"

namespace assay::agent {

struct SudoersLine {
  std::string text;       // trimmed, never empty
  std::int64_t line = 0;  // the first of its lines, counted from 1
};

// "#include", "#includedir" and "#1000" (a user ID) begin no comment. kInvalidData when the text
// is binary, kTooLarge when a joined line is longer than any that a person writes.
[[nodiscard]] Result<std::vector<SudoersLine>> sudoers_lines(std::string_view text);

// The directive that a line is, if it is one.
struct SudoersInclude {
  bool is_folder = false;
  std::string path;  // as written, without quotes and escapes
};
[[nodiscard]] bool is_include(std::string_view line);
[[nodiscard]] SudoersInclude parse_include(std::string_view line);

}  // namespace assay::agent
