// The key schedule of TLS 1.3 (RFC 8446 7.1), with HKDF (RFC 5869).
//
// Any thread. Where libcrypto fails a secret is empty, and nothing is opened or proved with it.
#pragma once

#include <string>
#include <string_view>

#include "agent/network/tls/handshake/aead_suite.h"

namespace assay::agent::tls {

[[nodiscard]] std::string hkdf_extract(const AeadSuite& suite, std::string_view salt,
                                       std::string_view key);
// HKDF-Expand-Label, of at most one hash's length.
[[nodiscard]] std::string expand_label(const AeadSuite& suite, std::string_view secret,
                                       std::string_view label, std::string_view context,
                                       std::size_t length);
[[nodiscard]] std::string transcript_hash(const AeadSuite& suite, std::string_view messages);
// RFC 8446 4.4.4: what a Finished holds, and a binder (4.2.11.2).
[[nodiscard]] std::string finished_data(const AeadSuite& suite, std::string_view traffic_secret,
                                        std::string_view hash_of_messages);

// One after the other: early, handshake, master. Each secret is derived from the one that it is at.
class KeySchedule {
 public:
  // `pre_shared_key`: empty for none.
  KeySchedule(const AeadSuite& suite, std::string_view pre_shared_key);

  // To the next secret; `shared`: of the key exchange, empty for the master secret.
  void advance(std::string_view shared);
  // Derive-Secret: `label` is that of RFC 8446 7.1 without "tls13 ".
  [[nodiscard]] std::string derive(std::string_view label, std::string_view hash_of_messages) const;

 private:
  const AeadSuite* suite_;
  std::string secret_;
};

}  // namespace assay::agent::tls
