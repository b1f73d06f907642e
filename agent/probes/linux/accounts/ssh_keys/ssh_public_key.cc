#include "agent/probes/linux/accounts/ssh_keys/ssh_public_key.h"

#include <algorithm>
#include <array>
#include <bit>

#include "evidence/base64.h"
#include "evidence/digest.h"

namespace assay::agent {
namespace {

constexpr std::size_t kMaxKeyText = 32U << 10U;  // base64 of the longest key that sshd takes
constexpr std::string_view kCertificate = "-cert-v01@openssh.com";

// In what part of the key its length shows.
enum class Length { kFirstNumber, kSecondNumber, kFixed };
struct Algorithm {
  std::string_view name;
  Length length = Length::kFixed;
  std::int64_t bits = 0;
  int parts = 0;  // after the name: what a certificate goes on behind
};
constexpr std::array<Algorithm, 8> kAlgorithms = {
    Algorithm{"ssh-rsa", Length::kSecondNumber, 0, 2},  // exponent, modulus
    Algorithm{"ssh-dss", Length::kFirstNumber, 0, 4},   // p q g y
    Algorithm{"ssh-ed25519", Length::kFixed, 256, 1},
    Algorithm{"ecdsa-sha2-nistp256", Length::kFixed, 256, 2},
    Algorithm{"ecdsa-sha2-nistp384", Length::kFixed, 384, 2},
    Algorithm{"ecdsa-sha2-nistp521", Length::kFixed, 521, 2},
    Algorithm{"sk-ssh-ed25519@openssh.com", Length::kFixed, 256, 2},
    Algorithm{"sk-ecdsa-sha2-nistp256@openssh.com", Length::kFixed, 256, 3},
};

std::unexpected<Error> bad(const char* why) {
  return fail(Code::kInvalidData, why);
}

// "ssh-rsa-cert-v01@openssh.com" → "ssh-rsa"; "sk-…-cert-v01@openssh.com" → "sk-…@openssh.com".
std::string plain_algorithm(std::string_view name) {
  if (!name.ends_with(kCertificate)) return std::string(name);
  std::string plain(name.substr(0, name.size() - kCertificate.size()));
  if (plain.starts_with("sk-")) plain += "@openssh.com";
  return plain;
}

const Algorithm* find(std::string_view name) {
  const auto found = std::ranges::find(kAlgorithms, name, &Algorithm::name);
  return found == kAlgorithms.end() ? nullptr : &*found;
}

Result<std::string> decoded(std::string_view base64) {
  if (base64.empty() || base64.size() > kMaxKeyText) return bad("the key is no base64");
  auto bytes = evidence::from_base64(base64);
  if (!bytes) return bad("the key is no base64");
  return bytes;
}

// A part of the key: four bytes of length, then so many bytes.
std::optional<std::string_view> take_part(std::string_view& rest) {
  if (rest.size() < 4) return std::nullopt;
  std::uint32_t size = 0;
  for (std::size_t i = 0; i < 4; ++i) size = (size << 8U) | static_cast<std::uint8_t>(rest[i]);
  if (rest.size() - 4 < size) return std::nullopt;
  const auto part = rest.substr(4, size);
  rest.remove_prefix(4 + std::size_t{size});
  return part;
}

std::string with_length(std::string_view part) {
  std::string bytes;
  for (const unsigned shift : {24U, 16U, 8U, 0U})
    bytes += static_cast<char>((part.size() >> shift) & 0xffU);
  return bytes.append(part);
}

// Of a number as SSH writes it: big-endian, with a zero before it when its first bit is set.
std::int64_t bits_of(std::string_view number) {
  const auto first = number.find_first_not_of('\0');
  if (first == std::string_view::npos) return 0;
  number.remove_prefix(first);
  return static_cast<std::int64_t>(8 * (number.size() - 1)) +
         std::bit_width(static_cast<std::uint8_t>(number[0]));
}

std::string fingerprint_of(std::string_view key) {
  auto digits = evidence::to_base64(evidence::sha256(key).raw());
  digits.erase(digits.find_last_not_of('=') + 1);
  return "SHA256:" + digits;
}

}  // namespace

Result<SshPublicKey> read_ssh_public_key(std::string_view algorithm, std::string_view base64) {
  const auto bytes = decoded(base64);
  if (!bytes) return fail(bytes.error());
  std::string_view rest = *bytes;
  const auto name = take_part(rest);
  if (!name || *name != algorithm) return bad("the key is of another algorithm than its line says");
  const auto plain = plain_algorithm(algorithm);
  const auto* known = find(plain);
  if (known == nullptr) return SshPublicKey{.bits = {}, .fingerprint = fingerprint_of(*bytes)};
  if (algorithm != plain && !take_part(rest))
    return bad("the certificate ends early");  // its nonce
  std::string key = with_length(plain);
  SshPublicKey result{.bits = known->bits, .fingerprint = {}};
  for (int i = 0; i < known->parts; ++i) {
    const auto part = take_part(rest);
    if (!part) return bad("the key ends early");
    key += with_length(*part);
    if (known->length == (i == 0 ? Length::kFirstNumber : Length::kSecondNumber) && i < 2)
      result.bits = bits_of(*part);
  }
  if (algorithm == plain && !rest.empty()) return bad("something stands behind the key");
  result.fingerprint = fingerprint_of(key);
  return result;
}

bool is_ssh_algorithm(std::string_view word) {
  return find(plain_algorithm(word)) != nullptr || word.starts_with("ssh-") ||
         word.starts_with("ecdsa-sha2-") || word.starts_with("sk-ssh-") ||
         word.starts_with("sk-ecdsa-") || word.starts_with("mldsa");
}

}  // namespace assay::agent
