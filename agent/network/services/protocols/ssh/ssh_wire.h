// SSH's messages before encryption begins (RFC 4253), written and parsed by hand.
//
// Hostile input: bounded, pure; any thread.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "evidence/result.h"

namespace assay::agent::services {

using NameList = std::vector<std::string>;

// SSH_MSG_KEXINIT (7.1). Of ciphers, MACs and compressions those from the server to us and back.
struct SshOffer {
  NameList key_exchanges;
  NameList host_keys;
  NameList ciphers_in, ciphers_out;
  NameList macs_in, macs_out;
  NameList compressions_in, compressions_out;
};

struct SshKey {
  std::string type;       // "ssh-rsa"
  std::int64_t bits = 0;  // 0: of a type whose size is not known
};

// Takes the payload of the first packet off the front of `received` (6: no encryption, no MAC);
// nullopt while it is not whole. kInvalidData, kTooLarge.
[[nodiscard]] Result<std::optional<std::string>> take_ssh_packet(std::string& received);
[[nodiscard]] std::string ssh_packet(std::string_view payload);

[[nodiscard]] Result<SshOffer> parse_ssh_offer(std::string_view payload);
[[nodiscard]] std::string write_ssh_offer(const SshOffer& offer);

// The client's first message of the key exchange `name`, with a public value that is valid and of
// which nobody knows a secret: the server's answer bears its host key in clear. Empty for an
// exchange that is not known.
[[nodiscard]] std::string ssh_exchange_opening(std::string_view name);
// The host key in the answer, SSH_MSG_KEXDH_REPLY or SSH_MSG_KEX_ECDH_REPLY (RFC 5656 4).
[[nodiscard]] Result<SshKey> parse_ssh_exchange_reply(std::string_view payload);

inline constexpr char kSshDisconnect = 1;
inline constexpr char kSshKexInit = 20;
inline constexpr char kSshKexReply = 31;

}  // namespace assay::agent::services
