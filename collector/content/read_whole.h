// A whole file in memory, with a bound.
#pragma once

#include <string>

#include "evidence/result.h"

namespace assay::collector {

// kNotFound, kPermissionDenied, kTooLarge over `max_bytes`, kIo; each names the file.
[[nodiscard]] Result<std::string> read_whole(const std::string& path, std::size_t max_bytes);

}  // namespace assay::collector
