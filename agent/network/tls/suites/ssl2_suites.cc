// The cipher kinds of SSLv2, from Netscape's description of the protocol (1995).
#include <array>

#include "agent/network/tls/suites/cipher_suite.h"

namespace assay::agent::tls {

std::span<const CipherSuite> ssl2_suites() {
  using enum KeyExchange;
  using enum Authentication;
  using enum BulkCipher;
  static constexpr std::string_view kSource = "Netscape 1995";
  static constexpr std::array<CipherSuite, 9> kSuites{{
      {0x010080, "SSL_CK_RC4_128_WITH_MD5", kRsa, kByRsa, kRc4, kSource},
      {0x020080, "SSL_CK_RC4_128_EXPORT40_WITH_MD5", kRsa, kByRsa, kRc4With40, kSource},
      {0x030080, "SSL_CK_RC2_128_CBC_WITH_MD5", kRsa, kByRsa, kRc2, kSource},
      {0x040080, "SSL_CK_RC2_128_CBC_EXPORT40_WITH_MD5", kRsa, kByRsa, kRc2With40, kSource},
      {0x050080, "SSL_CK_IDEA_128_CBC_WITH_MD5", kRsa, kByRsa, kIdea, kSource},
      {0x060040, "SSL_CK_DES_64_CBC_WITH_MD5", kRsa, kByRsa, kDes, kSource},
      {0x060140, "SSL_CK_DES_64_CBC_WITH_SHA", kRsa, kByRsa, kDes, kSource},
      {0x0700C0, "SSL_CK_DES_192_EDE3_CBC_WITH_MD5", kRsa, kByRsa, kTripleDes, kSource},
      {0x080080, "SSL_CK_RC4_64_WITH_MD5", kRsa, kByRsa, kRc4With56, kSource},
  }};
  return kSuites;
}

}  // namespace assay::agent::tls
