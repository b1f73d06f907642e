// Files of the source tree that tests read: fixtures and seeds.
#pragma once

#include <string>
#include <string_view>

namespace assay {

// The absolute path of `name`, which is relative to the root of the source tree. Only the one
// source file behind this knows where the tree lies, so that all others compile alike anywhere.
[[nodiscard]] std::string source_file(std::string_view name);

}  // namespace assay
