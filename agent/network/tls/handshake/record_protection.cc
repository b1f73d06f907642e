#include "agent/network/tls/handshake/record_protection.h"

#include "agent/network/tls/handshake/key_schedule.h"
#include "agent/network/tls/wire/bytes.h"

namespace assay::agent::tls {

namespace {

constexpr std::size_t kIvBytes = 12;
constexpr std::size_t kTagBytes = 16;

const unsigned char* octets_of(std::string_view bytes) {
  return reinterpret_cast<const unsigned char*>(bytes.data());
}

unsigned char* octets_of(std::string& bytes) {
  return reinterpret_cast<unsigned char*>(bytes.data());
}

}  // namespace

RecordProtection::RecordProtection(const AeadSuite& suite, std::string_view traffic_secret)
    : suite_(&suite),
      context_(EVP_CIPHER_CTX_new()),
      key_(expand_label(suite, traffic_secret, "key", {}, suite.key_bytes)),
      iv_(expand_label(suite, traffic_secret, "iv", {}, kIvBytes)) {}

// RFC 8446 5.3
std::string RecordProtection::next_nonce() {
  auto nonce = iv_;
  for (std::size_t i = 0; i < sizeof sequence_; ++i)
    nonce[kIvBytes - 1 - i] =
        static_cast<char>(nonce[kIvBytes - 1 - i] ^ static_cast<char>(sequence_ >> (8 * i)));
  ++sequence_;
  return nonce;
}

bool RecordProtection::begin(int is_sealing, std::string_view header) {
  if (!context_ || key_.size() != suite_->key_bytes || iv_.size() != kIvBytes) return false;
  const auto nonce = next_nonce();
  int length = 0;
  // The cipher with its key is set once.
  const bool is_first = sequence_ == 1;
  return EVP_CipherInit_ex(context_.get(), is_first ? suite_->cipher() : nullptr, nullptr,
                           is_first ? octets_of(key_) : nullptr, octets_of(nonce),
                           is_sealing) == 1 &&
         EVP_CipherUpdate(context_.get(), nullptr, &length, octets_of(header),
                          static_cast<int>(header.size())) == 1;
}

std::optional<OpenedRecord> RecordProtection::open(const Record& record) {
  if (record.body.size() < kTagBytes || !begin(0, record.header)) return std::nullopt;
  const auto sealed = record.body.substr(0, record.body.size() - kTagBytes);
  std::string tag(record.body.substr(sealed.size()));
  std::string content(sealed.size(), '\0');
  int length = 0;
  if (EVP_CipherUpdate(context_.get(), octets_of(content), &length, octets_of(sealed),
                       static_cast<int>(sealed.size())) != 1 ||
      EVP_CIPHER_CTX_ctrl(context_.get(), EVP_CTRL_AEAD_SET_TAG, kTagBytes, tag.data()) != 1 ||
      EVP_CipherFinal_ex(context_.get(), octets_of(tag), &length) != 1)
    return std::nullopt;
  // The type stands behind the content, zeros behind the type.
  const auto end = content.find_last_not_of('\0');
  if (end == std::string::npos) return std::nullopt;
  const auto type = static_cast<unsigned char>(content[end]);
  content.resize(end);
  return OpenedRecord{type, std::move(content)};
}

std::optional<std::string> RecordProtection::seal(std::uint32_t type, std::string_view content) {
  const auto length = content.size() + 1 + kTagBytes;
  ByteWriter header;
  header.u8(kApplicationData);
  header.u16(0x0303);
  header.u16(static_cast<std::uint32_t>(length));
  auto record = header.take();
  if (!begin(1, record)) return std::nullopt;
  std::string inner(content);
  inner += static_cast<char>(type);
  record.resize(kRecordHeader + length);
  auto* const out = octets_of(record) + kRecordHeader;
  int written = 0;
  if (EVP_CipherUpdate(context_.get(), out, &written, octets_of(inner),
                       static_cast<int>(inner.size())) != 1 ||
      EVP_CipherFinal_ex(context_.get(), out + inner.size(), &written) != 1 ||
      EVP_CIPHER_CTX_ctrl(context_.get(), EVP_CTRL_AEAD_GET_TAG, kTagBytes, out + inner.size()) !=
          1)
    return std::nullopt;
  return record;
}

}  // namespace assay::agent::tls
