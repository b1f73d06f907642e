#include "agent/network/tls/handshake/key_schedule.h"

#include <openssl/hmac.h>

#include <array>

#include "agent/network/tls/wire/bytes.h"

namespace assay::agent::tls {

namespace {

const unsigned char* octets_of(std::string_view bytes) {
  return reinterpret_cast<const unsigned char*>(bytes.data());
}

std::string hmac(const AeadSuite& suite, std::string_view key, std::string_view bytes) {
  std::array<unsigned char, EVP_MAX_MD_SIZE> out;
  unsigned length = 0;
  if (key.empty() || HMAC(suite.hash(), key.data(), static_cast<int>(key.size()), octets_of(bytes),
                          bytes.size(), out.data(), &length) == nullptr)
    return {};
  return {reinterpret_cast<const char*>(out.data()), length};
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
  std::array<unsigned char, EVP_MAX_MD_SIZE> out;
  unsigned length = 0;
  if (EVP_Digest(messages.data(), messages.size(), out.data(), &length, suite.hash(), nullptr) != 1)
    return {};
  return {reinterpret_cast<const char*>(out.data()), length};
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
