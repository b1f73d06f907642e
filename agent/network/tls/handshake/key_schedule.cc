#include "agent/network/tls/handshake/key_schedule.h"

#include <array>
#include <memory>

#include "agent/network/tls/wire/bytes.h"
#include "evidence/openssl_freed.h"

namespace assay::agent::tls {

namespace {

std::string hash_of(const AeadSuite& suite, std::string_view first, std::string_view second) {
  const std::unique_ptr<EVP_MD_CTX, evidence::Freed<EVP_MD_CTX_free>> context(EVP_MD_CTX_new());
  std::array<unsigned char, EVP_MAX_MD_SIZE> out;
  unsigned length = 0;
  if (!context || EVP_DigestInit_ex2(context.get(), suite.hash(), nullptr) != 1 ||
      EVP_DigestUpdate(context.get(), first.data(), first.size()) != 1 ||
      EVP_DigestUpdate(context.get(), second.data(), second.size()) != 1 ||
      EVP_DigestFinal_ex(context.get(), out.data(), &length) != 1)
    return {};
  return {reinterpret_cast<const char*>(out.data()), length};
}

// RFC 2104, with keys that are not longer than a block of the hash, as none here is. To have
// libcrypto make one takes it as long as the rest of a handshake.
std::string hmac(const AeadSuite& suite, std::string_view key, std::string_view bytes) {
  if (suite.hash() == nullptr) return {};
  const auto block = static_cast<std::size_t>(EVP_MD_get_block_size(suite.hash()));
  if (key.empty() || key.size() > block) return {};
  std::string inner(block, '\x36');
  std::string outer(block, '\x5C');
  for (std::size_t i = 0; i < key.size(); ++i) {
    inner[i] = static_cast<char>(inner[i] ^ key[i]);
    outer[i] = static_cast<char>(outer[i] ^ key[i]);
  }
  const auto hash = hash_of(suite, inner, bytes);
  return hash.empty() ? hash : hash_of(suite, outer, hash);
}

}  // namespace

std::string hkdf_extract(const AeadSuite& suite, std::string_view salt, std::string_view key) {
  const std::string zeros(suite.hash_bytes, '\0');
  return hmac(suite, salt.empty() ? zeros : salt, key.empty() ? zeros : key);
}

std::string expand_label(const AeadSuite& suite, std::string_view secret, std::string_view label,
                         std::string_view context, std::size_t length) {
  ByteWriter info;
  info.u16(static_cast<std::uint32_t>(length));
  info.block(1, [&] {
    info.raw("tls13 ");
    info.raw(label);
  });
  info.block(1, [&] { info.raw(context); });
  info.u8(1);  // the one block of HKDF-Expand
  return hmac(suite, secret, info.take()).substr(0, length);
}

std::string transcript_hash(const AeadSuite& suite, std::string_view messages) {
  return hash_of(suite, messages, {});
}

std::string finished_data(const AeadSuite& suite, std::string_view traffic_secret,
                          std::string_view hash_of_messages) {
  return hmac(suite, expand_label(suite, traffic_secret, "finished", {}, suite.hash_bytes),
              hash_of_messages);
}

KeySchedule::KeySchedule(const AeadSuite& suite, std::string_view pre_shared_key)
    : suite_(&suite), secret_(hkdf_extract(suite, {}, pre_shared_key)) {}

void KeySchedule::advance(std::string_view shared) {
  secret_ = hkdf_extract(*suite_, derive("derived", transcript_hash(*suite_, {})), shared);
}

std::string KeySchedule::derive(std::string_view label, std::string_view hash_of_messages) const {
  return expand_label(*suite_, secret_, label, hash_of_messages, suite_->hash_bytes);
}

}  // namespace assay::agent::tls
