#include "agent/network/tls/handshake/key_agreement.h"

#include <openssl/core_names.h>
#include <openssl/dh.h>
#include <openssl/err.h>
#include <openssl/params.h>
#include <sys/random.h>

#include <algorithm>
#include <array>

namespace assay::agent::tls {

namespace {

struct Group {
  std::uint32_t code = 0;
  const char* algorithm = nullptr;  // libcrypto's name
  const char* name = nullptr;       // libcrypto's name of the group; nullptr: it has one only
  std::size_t private_bytes = 0;    // of a key that is any bytes; 0: it is not
};

constexpr std::array<Group, 10> kGroups{{{0x001D, "X25519", nullptr, 32},
                                         {0x0017, "EC", "P-256"},
                                         {0x001E, "X448", nullptr, 56},
                                         {0x0019, "EC", "P-521"},
                                         {0x0018, "EC", "P-384"},
                                         {0x0100, "DH", "ffdhe2048"},
                                         {0x0101, "DH", "ffdhe3072"},
                                         {0x0102, "DH", "ffdhe4096"},
                                         {0x0103, "DH", "ffdhe6144"},
                                         {0x0104, "DH", "ffdhe8192"}}};

const Group* find(std::uint32_t code) {
  const auto* const found = std::ranges::find(kGroups, code, &Group::code);
  return found == kGroups.end() ? nullptr : found;
}

using Context = std::unique_ptr<EVP_PKEY_CTX, evidence::Freed<EVP_PKEY_CTX_free>>;

// The kernel's random takes no start of libcrypto's generator, which is dearer than the exchange.
EVP_PKEY* key_of_any_bytes(const Group& group) {
  std::array<unsigned char, 56> secret;
  const auto length = static_cast<ssize_t>(group.private_bytes);
  if (::getrandom(secret.data(), group.private_bytes, 0) != length) return nullptr;
  return EVP_PKEY_new_raw_private_key_ex(nullptr, group.algorithm, nullptr, secret.data(),
                                         group.private_bytes);
}

EVP_PKEY* new_key(const Group& group) {
  if (group.private_bytes > 0) return key_of_any_bytes(group);
  const Context context(EVP_PKEY_CTX_new_from_name(nullptr, group.algorithm, nullptr));
  EVP_PKEY* key = nullptr;
  if (!context || EVP_PKEY_keygen_init(context.get()) != 1 ||
      EVP_PKEY_CTX_set_group_name(context.get(), group.name) != 1 ||
      EVP_PKEY_generate(context.get(), &key) != 1)
    return nullptr;
  return key;
}

std::string share_of(EVP_PKEY* key) {
  unsigned char* bytes = nullptr;
  const auto length = EVP_PKEY_get1_encoded_public_key(key, &bytes);
  std::string share(reinterpret_cast<const char*>(bytes), bytes == nullptr ? 0 : length);
  OPENSSL_free(bytes);
  return share;
}

}  // namespace

std::span<const std::uint32_t> exchangeable_groups() {
  static constexpr auto kCodes = [] {
    std::array<std::uint32_t, kGroups.size()> codes{};
    std::ranges::transform(kGroups, codes.begin(), &Group::code);
    return codes;
  }();
  return kCodes;
}

bool is_exchangeable(std::uint32_t group) {
  return find(group) != nullptr;
}

Result<KeyAgreement> KeyAgreement::begin(std::uint32_t code) {
  const auto* group = find(code);
  Key key(group == nullptr ? nullptr : new_key(*group));
  auto share = key ? share_of(key.get()) : std::string();
  ERR_clear_error();
  if (share.empty()) return fail(Code::kInternal, "OpenSSL makes no key of the server's group");
  return KeyAgreement(code, std::move(key), std::move(share));
}

Result<std::string> KeyAgreement::finish(std::string_view share) const {
  const Key theirs(EVP_PKEY_new());
  const Context context(EVP_PKEY_CTX_new(key_.get(), nullptr));
  std::string secret;
  std::size_t length = 0;
  const bool is_done =
      theirs && context && EVP_PKEY_copy_parameters(theirs.get(), key_.get()) == 1 &&
      EVP_PKEY_set1_encoded_public_key(
          theirs.get(), reinterpret_cast<const unsigned char*>(share.data()), share.size()) == 1 &&
      EVP_PKEY_derive_init(context.get()) == 1 &&
      // RFC 8446 7.4.1: with its leading zeros.
      (EVP_PKEY_is_a(key_.get(), "DH") == 0 || EVP_PKEY_CTX_set_dh_pad(context.get(), 1) == 1) &&
      EVP_PKEY_derive_set_peer(context.get(), theirs.get()) == 1 &&
      EVP_PKEY_derive(context.get(), nullptr, &length) == 1;
  if (is_done) secret.resize(length);
  const bool has_secret =
      is_done &&
      EVP_PKEY_derive(context.get(), reinterpret_cast<unsigned char*>(secret.data()), &length) == 1;
  ERR_clear_error();
  if (!has_secret) return fail(Code::kInvalidData, "the server's key share is no key");
  secret.resize(length);
  return secret;
}

}  // namespace assay::agent::tls
