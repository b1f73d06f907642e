// Reads files of settings the way daemons do: a file that is not there says nothing, a link to
// /dev/null is an empty file, and a pattern names files in the order of their names.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "agent/host/host.h"
#include "agent/probes/linux/text/letters.h"
#include "evidence/result.h"

namespace assay::agent {

// Where a setting stands.
struct Place {
  std::string source;
  std::optional<std::int64_t> line;
};

// Nothing when there is no such file.
[[nodiscard]] Result<std::optional<std::string>> read_settings(Host& host, std::string_view path);

// The regular files and links that the pattern names (text/file_patterns.h), sorted; a folder that
// is named without wildcards is one of them. kNotSupported when the path is not absolute.
[[nodiscard]] Result<std::vector<std::string>> matching_files(Host& host, std::string_view pattern);

// "yes", "true", "on", "1" and their opposites, as systemd and most daemons have them.
[[nodiscard]] std::optional<bool> truth_of(std::string_view text);

}  // namespace assay::agent
