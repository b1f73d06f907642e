// A whole file in memory, with a bound.
#pragma once

#include <string>

#include "cli/terminal/refusal.h"
#include "evidence/result.h"

namespace assay::cli {

// kNotFound, kPermissionDenied, kTooLarge over `max_bytes`, kIo (a folder, too).
[[nodiscard]] Result<std::string> read_file(const std::string& path, std::size_t max_bytes);

}  // namespace assay::cli
