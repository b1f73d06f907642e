// The security products that Assay recognises, as data.
#pragma once

#include <span>
#include <string_view>

#include "agent/probes/linux/security/findings.h"

namespace assay::agent {

[[nodiscard]] std::span<const SecurityProduct> security_products();

// Whether products of this kind look for malware, with signatures or a model in their place.
[[nodiscard]] bool has_signatures(std::string_view kind);

}  // namespace assay::agent
