// Which files a pattern with *, ? and [ ] in it names, as glob(3) finds them.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "agent/host/host.h"

namespace assay::agent {

// Sorted bytewise; empty when nothing fits. `pattern` is an absolute path, any part of it may hold
// wildcards. An error when a folder on the way cannot be listed, kTooLarge above
// kMaxIncludedFiles.
[[nodiscard]] Result<std::vector<std::string>> files_that_match(Host& host,
                                                                std::string_view pattern);

inline constexpr std::size_t kMaxIncludedFiles = 1000;

}  // namespace assay::agent
