// Records of TLS 1.3 sealed and opened (RFC 8446 5.2), in one direction with one traffic secret.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "agent/network/tls/handshake/aead_suite.h"
#include "agent/network/tls/wire/record.h"
#include "evidence/openssl_freed.h"

namespace assay::agent::tls {

struct OpenedRecord {
  std::uint32_t type = 0;
  std::string content;
};

// Not for two threads at once.
class RecordProtection {
 public:
  RecordProtection(const AeadSuite& suite, std::string_view traffic_secret);

  // nullopt: it is not what the peer sealed as its next one.
  [[nodiscard]] std::optional<OpenedRecord> open(const Record& record);
  // A whole record; nullopt when libcrypto fails.
  [[nodiscard]] std::optional<std::string> seal(std::uint32_t type, std::string_view content);

 private:
  [[nodiscard]] std::string next_nonce();
  bool begin(int is_sealing, std::string_view header);

  const AeadSuite* suite_;
  std::unique_ptr<EVP_CIPHER_CTX, evidence::Freed<EVP_CIPHER_CTX_free>> context_;
  std::string key_;
  std::string iv_;
  std::uint64_t sequence_ = 0;
};

}  // namespace assay::agent::tls
