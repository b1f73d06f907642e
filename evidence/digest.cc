#include "evidence/digest.h"

#include <openssl/evp.h>

#include <algorithm>
#include <array>
#include <cstring>

#include "evidence/openssl_freed.h"

namespace assay::evidence {

std::string to_hex(std::string_view bytes) {
  static constexpr char kDigits[] = "0123456789abcdef";
  std::string text;
  text.reserve(bytes.size() * 2);
  for (const char c : bytes) {
    const auto byte = static_cast<unsigned char>(c);
    text.push_back(kDigits[byte >> 4U]);
    text.push_back(kDigits[byte & 15U]);
  }
  return text;
}

std::string Digest::raw() const {
  return {bytes.begin(), bytes.end()};
}

std::string Digest::hex() const {
  return to_hex(raw());
}

namespace {

constexpr std::uint8_t kNoDigit = 0xff;

// The value of each character as a hexadecimal digit. A manifest has thousands of them.
constexpr auto kDigitValues = [] {
  std::array<std::uint8_t, 256> values{};
  values.fill(kNoDigit);
  for (std::uint8_t i = 0; i < 16; ++i)
    values[static_cast<unsigned char>("0123456789abcdef"[i])] = i;
  return values;
}();

std::uint8_t digit_value(char c) {
  return kDigitValues[static_cast<unsigned char>(c)];
}

}  // namespace

Result<Digest> Digest::from_hex(std::string_view text) {
  Digest digest;
  if (text.size() != kDigestBytes * 2)
    return fail(Code::kInvalidData, "a digest is 64 hexadecimal digits");
  std::uint8_t seen = 0;  // has a high bit when there was no digit
  for (std::size_t i = 0; i < kDigestBytes; ++i) {
    const auto high = digit_value(text[2 * i]);
    const auto low = digit_value(text[2 * i + 1]);
    seen |= high | low;
    digest.bytes[i] = static_cast<std::uint8_t>(high << 4U | low);
  }
  if ((seen & 0xf0U) != 0)
    return fail(Code::kInvalidData, "a digest has lower-case hexadecimal digits only");
  return digest;
}

Result<Digest> Digest::from_raw(std::string_view bytes) {
  if (bytes.size() != kDigestBytes) return fail(Code::kInvalidData, "a digest is 32 bytes");
  Digest digest;
  std::ranges::copy(bytes, digest.bytes.begin());
  return digest;
}

namespace {

using Context = std::unique_ptr<::EVP_MD_CTX, Freed<::EVP_MD_CTX_free>>;

// Looked up once: for a short text, looking it up takes longer than the digest.
const ::EVP_MD* algorithm() {
  static const ::EVP_MD* const kAlgorithm = ::EVP_MD_fetch(nullptr, "SHA256", nullptr);
  return kAlgorithm;
}

}  // namespace

Digest sha256(std::string_view bytes) {
  thread_local const Context context{::EVP_MD_CTX_new()};
  Digest digest;
  (void)::EVP_DigestInit_ex2(context.get(), algorithm(), nullptr);
  (void)::EVP_DigestUpdate(context.get(), bytes.data(), bytes.size());
  (void)::EVP_DigestFinal_ex(context.get(), digest.bytes.data(), nullptr);
  return digest;
}

struct Sha256::State {
  Context context{::EVP_MD_CTX_new()};
};

// OpenSSL's functions on a digest fail only without memory, where nothing goes on anyway.
Sha256::Sha256() : state_(std::make_unique<State>()) {
  (void)::EVP_DigestInit_ex2(state_->context.get(), algorithm(), nullptr);
}
Sha256::Sha256(Sha256&&) noexcept = default;
Sha256& Sha256::operator=(Sha256&&) noexcept = default;
Sha256::~Sha256() = default;

void Sha256::add(std::string_view piece) {
  (void)::EVP_DigestUpdate(state_->context.get(), piece.data(), piece.size());
}

Digest Sha256::finish() {
  Digest digest;
  (void)::EVP_DigestFinal_ex(state_->context.get(), digest.bytes.data(), nullptr);
  return digest;
}

}  // namespace assay::evidence

std::size_t std::hash<assay::evidence::Digest>::operator()(
    const assay::evidence::Digest& digest) const noexcept {
  std::size_t value = 0;
  std::memcpy(&value, digest.bytes.data(), sizeof value);
  return value;
}
