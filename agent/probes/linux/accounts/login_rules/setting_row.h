// One row of the table login_settings while it is being worked out. Plain values.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

namespace assay::agent {

struct LoginSetting {
  std::string setting;
  std::string scope;                 // the shell or program that it holds for
  std::optional<std::string> value;  // absent: not set, or not known (then note says why)
  std::optional<std::int64_t> seconds;
  std::optional<bool> is_readonly;
  std::optional<bool> is_exported;
  std::optional<bool> is_in_force;
  std::string source;
  std::optional<std::int64_t> line;
  std::string note;
};

}  // namespace assay::agent
