// The hosts of a file, for a record that is about many of them.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "cli/terminal/refusal.h"

namespace assay::cli {

inline constexpr std::size_t kMaxHostListBytes = 4U << 20U;
inline constexpr std::size_t kMaxListedHosts = 10'000;  // as many as a record may have
inline constexpr std::size_t kMaxListedHostBytes = 255;

// One id or name a line; what stands behind a # at the beginning of a line or after a space is a
// comment. Sorted, each once. kInvalidData with the line for what can be no name, and for a list
// without a host: it must not turn into a record about all of them. kTooLarge over a limit above.
[[nodiscard]] Result<std::vector<std::string>> parse_host_list(std::string_view text);

// The same of a file; the error names it.
[[nodiscard]] Result<std::vector<std::string>> read_host_list(const std::string& path);

}  // namespace assay::cli
