// Which key made an OpenPGP signature (RFC 4880 §5.2, RFC 9580): said by the
// signature itself and not verified here; the package manager did or did not.
#pragma once

#include <string>
#include <string_view>

namespace assay::agent {

// The key id, 16 lower-case hexadecimal digits; empty when `packet` is no signature packet that
// names one.
[[nodiscard]] std::string openpgp_issuer(std::string_view packet);

}  // namespace assay::agent
