// One side of a key exchange of TLS 1.3 (RFC 8446 4.2.8).
#pragma once

#include <openssl/evp.h>

#include <memory>
#include <span>
#include <string>
#include <string_view>

#include "evidence/openssl_freed.h"
#include "evidence/result.h"

namespace assay::agent::tls {

// With which a handshake is carried through, in the order of preference.
[[nodiscard]] std::span<const std::uint32_t> exchangeable_groups();
[[nodiscard]] bool is_exchangeable(std::uint32_t group);

class KeyAgreement {
 public:
  // A new key of that group, one of exchangeable_groups(). kInternal when libcrypto fails.
  [[nodiscard]] static Result<KeyAgreement> begin(std::uint32_t group);

  [[nodiscard]] std::uint32_t group() const { return group_; }
  [[nodiscard]] const std::string& share() const { return share_; }
  // The shared secret. kInvalidData: `share` is no public key of the group.
  [[nodiscard]] Result<std::string> finish(std::string_view share) const;

 private:
  using Key = std::unique_ptr<EVP_PKEY, evidence::Freed<EVP_PKEY_free>>;
  KeyAgreement(std::uint32_t group, Key key, std::string share)
      : group_(group), key_(std::move(key)), share_(std::move(share)) {}

  std::uint32_t group_;
  Key key_;
  std::string share_;
};

}  // namespace assay::agent::tls
