// Table kernel_modules.
#pragma once

#include <string_view>

#include "agent/host/host.h"
#include "evidence/table.h"

namespace assay::agent {

// A kernel without support for modules has none loaded: an empty table. kNotSupported for an image.
[[nodiscard]] Result<evidence::Table> collect_kernel_modules(Host& host);

// /proc/modules: "name size references users state address (taints)".
[[nodiscard]] Status parse_proc_modules(std::string_view text, evidence::Table& table);

}  // namespace assay::agent
