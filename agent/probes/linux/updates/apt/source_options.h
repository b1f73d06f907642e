// Options of a source of packages, which both formats of source lists share.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "agent/probes/linux/updates/apt/source_list.h"

namespace assay::agent {

// `name` as in either format ("signed-by", "Signed-By", "arch", "Architectures"); others do
// nothing.
void set_source_option(AptSource& source, std::string_view name, std::string_view value);

// What blanks or commas separate.
[[nodiscard]] std::vector<std::string> words_of(std::string_view text);

}  // namespace assay::agent
