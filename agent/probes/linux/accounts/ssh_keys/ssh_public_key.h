// What may be told of an SSH public key: how long it is and what it is called by people, its
// fingerprint. Pure; any thread.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "evidence/result.h"

namespace assay::agent {

struct SshPublicKey {
  std::optional<std::int64_t> bits;  // absent for a kind of key that is not known
  std::string fingerprint;           // "SHA256:…"; of a certificate, that of the key in it
};

// `base64` is the second word of a key's line; `algorithm` its first. kInvalidData when it is no
// key of that algorithm.
[[nodiscard]] Result<SshPublicKey> read_ssh_public_key(std::string_view algorithm,
                                                       std::string_view base64);

// Whether `word` is the name of an algorithm, so that a line without options begins with it.
[[nodiscard]] bool is_ssh_algorithm(std::string_view word);

}  // namespace assay::agent
