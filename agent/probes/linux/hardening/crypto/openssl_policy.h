// What OpenSSL's configuration asks of every TLS connection of programs that use the library.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>

#include "agent/probes/linux/hardening/crypto/openssl_conf.h"

namespace assay::agent {

// The commands of the section that system_default names; later lines win, and of
// "TLS.MinProtocol" and "DTLS.MinProtocol" the value tells which is which.
struct OpensslPolicy {
  std::optional<OpensslValue> min_protocol;  // of TLS
  std::optional<OpensslValue> max_protocol;
  std::optional<OpensslValue> dtls_min_protocol;
  std::optional<OpensslValue> cipher_string;
  std::optional<OpensslValue> ciphersuites;
  std::optional<OpensslValue> options;
  std::optional<OpensslValue> protocol;        // the older command, a list of + and -
  std::optional<std::int64_t> security_level;  // of cipher_string's @SECLEVEL=
};
[[nodiscard]] OpensslPolicy openssl_policy(const OpensslConf& conf);

// The built-in behaviour that the configuration changes.
struct OpensslBuild {
  int major = 3;                               // 3, or 1 for 1.1
  std::optional<std::int64_t> security_level;  // built in; nothing: not known
  bool level_two_needs_tls12 = false;          // Ubuntu's 1.1.1
};

// The oldest version of TLS that a connection can use: "TLSv1", "TLSv1.1", "TLSv1.2", "TLSv1.3";
// nothing when it cannot be told.
[[nodiscard]] std::optional<std::string> oldest_tls(const OpensslPolicy& policy,
                                                    const OpensslBuild& build);

}  // namespace assay::agent
