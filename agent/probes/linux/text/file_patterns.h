// Patterns with *, ? and [ ] in them as the shell and glob(3) have them, and the files they name.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "agent/host/host.h"
#include "evidence/result.h"

namespace assay::agent {

[[nodiscard]] bool has_wildcard(std::string_view text);

// Wildcards match no slash, and no dot at the beginning of a name. A pattern that is_too_costly()
// matches nothing.
[[nodiscard]] bool matches_pattern(std::string_view pattern, std::string_view text);

// Patterns come from files; the time to match one grows with the power of its number of stars.
[[nodiscard]] bool is_too_costly(std::string_view pattern);

// What is there and fits, folders too, sorted bytewise; empty when nothing fits. `pattern` is an
// absolute path, any part of it may hold wildcards. An error when a folder on the way cannot be
// listed, kNotSupported when a part is_too_costly(), kTooLarge above kMaxMatchingFiles.
[[nodiscard]] Result<std::vector<std::string>> files_that_match(Host& host,
                                                                std::string_view pattern);

inline constexpr std::size_t kMaxMatchingFiles = 10'000;

}  // namespace assay::agent
