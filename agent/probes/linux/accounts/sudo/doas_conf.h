// The rules of doas, which stands in for sudo on Alpine. Pure; any thread.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "evidence/result.h"

namespace assay::agent {

struct DoasRule {
  bool is_permit = false;
  std::vector<std::string> options;  // nopass, persist, keepenv, nolog, setenv (without its values)
  std::string who;                   // "%wheel" for a group
  std::string target;                // empty: any account
  std::string command;               // without its arguments; empty: any command
  bool has_arguments = false;
  std::int64_t line = 0;
};

// A line that is no rule has no `who`.
[[nodiscard]] Result<std::vector<DoasRule>> parse_doas(std::string_view text);

}  // namespace assay::agent
