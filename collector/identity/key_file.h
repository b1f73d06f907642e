// Files that only their owner may read.
#pragma once

#include <string>
#include <string_view>

#include "evidence/result.h"

namespace assay::collector {

inline constexpr std::size_t kMaxKeyFileBytes = 64U << 10U;

// Mode 0700; fine when it is there.
[[nodiscard]] Status make_key_folder(const std::string& path);
// Mode 0600, whole or not at all, on disk when the call returns. Replaces what was there.
[[nodiscard]] Status write_key_file(const std::string& path, std::string_view content);
// kRefused when group or others may read or write it; follows no symbolic link.
[[nodiscard]] Result<std::string> read_key_file(const std::string& path);

}  // namespace assay::collector
