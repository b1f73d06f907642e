// The parts of the list of suites; cipher_suite.cc puts them together.
#pragma once

#include <span>

#include "agent/network/tls/suites/cipher_suite.h"

namespace assay::agent::tls {

[[nodiscard]] std::span<const CipherSuite> classic_suites();   // 0x0000 to 0x5FFF
[[nodiscard]] std::span<const CipherSuite> elliptic_suites();  // 0xC000 and above

}  // namespace assay::agent::tls
