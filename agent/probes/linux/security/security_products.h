// The security products that Assay recognises, as data.
#pragma once

#include <span>
#include <string_view>

#include "agent/probes/linux/security/findings.h"

namespace assay::agent {

[[nodiscard]] std::span<const SecurityProduct> security_products();

// Whether products of this kind can have what the column tells of: no audit has signatures.
[[nodiscard]] bool can_have(std::string_view kind, std::string_view column);

}  // namespace assay::agent
