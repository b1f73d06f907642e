// Addresses as they may stand in evidence: without secrets.
#pragma once

#include <string>
#include <string_view>

namespace assay::agent {

// A URL or host without the parts that may be a password or a token: what stands before '@', and
// what follows '?' or '#'.
[[nodiscard]] std::string without_secrets(std::string_view address);

// `url` without_secrets(); a part of its path that looks like a token (sellers of packages put
// them there) becomes "***". What is no URL comes back unchanged.
[[nodiscard]] std::string public_address(std::string_view url);

// Each of the addresses in `list`, which blanks or commas separate; joined with one blank.
[[nodiscard]] std::string public_addresses(std::string_view list);

}  // namespace assay::agent
