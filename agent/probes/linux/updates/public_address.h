// Addresses of package sources as they may stand in evidence: without secrets.
#pragma once

#include <string>
#include <string_view>

namespace assay::agent {

// `url` without user, password, query and fragment. A part of the path that looks like a token
// (sellers of packages put them there) becomes "***". What is no URL comes back unchanged.
[[nodiscard]] std::string public_address(std::string_view url);

// Each of the addresses in `list`, which blanks or commas separate; joined with one blank.
[[nodiscard]] std::string public_addresses(std::string_view list);

}  // namespace assay::agent
