// Files that hold secrets, told by their names and by their first bytes. What the secret is
// is never kept.
#pragma once

#include <optional>
#include <string_view>

namespace assay::agent {

enum class SecretKind {
  kNone,
  kPrivateKey,   // by name only: is_private_key() of the content decides
  kSshHostKey,   // likewise
  kKeyStore,     // PKCS #12, Java, KeePass: likewise is_key_store()
  kKeytab,       // Kerberos
  kCredentials,  // of clouds, registries, databases: .aws/credentials, .netrc, .pgpass, …
};

// Cheap: most names are turned away at their last letter.
[[nodiscard]] SecretKind secret_kind(std::string_view name, std::string_view path);

struct PrivateKeyFacts {
  std::optional<bool> is_encrypted;  // with a passphrase; nothing when the format does not tell
};
// Nothing when the bytes hold no private key.
[[nodiscard]] std::optional<PrivateKeyFacts> private_key_facts(std::string_view start);
[[nodiscard]] bool is_key_store(std::string_view start);

// Enough of a file to find a key behind certificates.
inline constexpr std::size_t kKeyStartBytes = 32U << 10U;

}  // namespace assay::agent
