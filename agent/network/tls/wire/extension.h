// Extensions that we offer or read: IANA, registry "TLS ExtensionType Values".
#pragma once

#include <cstdint>

namespace assay::agent::tls {

enum ExtensionType : std::uint32_t {
  kServerName = 0,
  kStatusRequest = 5,
  kSupportedGroups = 10,
  kPointFormats = 11,
  kSignatureAlgorithms = 13,
  kHeartbeat = 15,
  kApplicationProtocols = 16,
  kEncryptThenMac = 22,
  kExtendedMasterSecret = 23,
  kSessionTicket = 35,
  kPreSharedKey = 41,
  kSupportedVersions = 43,
  kCookie = 44,
  kPskKeyExchangeModes = 45,
  kKeyShare = 51,
  kRenegotiationInfo = 0xFF01,
};

}  // namespace assay::agent::tls
