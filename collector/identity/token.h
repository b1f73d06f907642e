// Tokens: how a machine is let in once, and how a person logs in.
//
// Text form: <secret>.<ca>
//   secret  43 characters of base64url (RFC 4648 §5, no padding): 32 random bytes
//   ca      64 lower-case hexadecimal digits: SHA-256 over the DER form of the collector's CA, by
//           which the bearer knows the collector before anything is sent
// Only the secret goes over the wire, and only SHA-256 of it is stored. With 256 random bits
// there is nothing to guess, so a slow hash would add nothing.
#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <string_view>

#include "collector/store/identity_store.h"
#include "evidence/digest.h"
#include "evidence/result.h"
#include "evidence/timestamp.h"

namespace assay::collector {

struct NewToken {
  Token record;      // for the store
  std::string text;  // shown once and kept nowhere
};

[[nodiscard]] Result<NewToken> new_enrollment_token(const evidence::Digest& ca,
                                                    evidence::Seconds now,
                                                    std::chrono::seconds lifetime);
// The name is text without control characters, of 200 bytes at most. kUsage.
[[nodiscard]] Result<NewToken> new_person_token(const evidence::Digest& ca, std::string name,
                                                Role role, evidence::Seconds now,
                                                std::optional<std::chrono::seconds> lifetime);

// What the store knows a token by; takes the secret part, or the whole text.
[[nodiscard]] evidence::Digest hash_of_token(std::string_view secret_or_text);

// `bytes` random bytes from the operating system's generator, through OpenSSL.
[[nodiscard]] Result<std::string> random_bytes(std::size_t bytes);
// A random UUID (RFC 9562 version 4), lower case.
[[nodiscard]] Result<std::string> new_uuid();

}  // namespace assay::collector
