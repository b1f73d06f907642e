#include "agent/network/tls/wire/record.h"

#include <string>

#include "agent/network/tls/wire/bytes.h"

namespace assay::agent::tls {

namespace {

constexpr std::size_t kMaxRecord = (1U << 14U) + 2048;  // RFC 5246 6.2.3

bool is_type(unsigned type) {
  return type >= kChangeCipherSpec && type <= kApplicationData;
}

}  // namespace

Result<std::optional<Record>> next_record(std::string_view bytes) {
  if (!bytes.empty() && !is_type(static_cast<unsigned char>(bytes.front())))
    return fail(Code::kInvalidData, "the answer is not TLS");
  if (bytes.size() < kRecordHeader) return std::nullopt;
  ByteReader in(bytes);
  const auto type = in.u8();
  const auto version = in.u16();
  const auto length = in.u16();
  if (version >> 8U != 3) return fail(Code::kInvalidData, "the answer is not TLS");
  if (length > kMaxRecord)
    return fail(Code::kInvalidData, "a record of " + std::to_string(length) + " bytes");
  const auto body = in.raw(length);
  if (in.is_short()) return std::nullopt;
  return Record{type, bytes.substr(0, kRecordHeader), body};
}

Result<std::optional<Message>> next_message(std::string_view bytes) {
  constexpr std::size_t kHeader = 4;
  if (bytes.size() < kHeader) return std::nullopt;
  ByteReader in(bytes);
  const auto type = in.u8();
  const auto length = in.u24();
  if (length > (type == kServerHelloMessage ? kMaxHelloBytes : kMaxMessageBytes))
    return fail(Code::kTooLarge, "a handshake message of " + std::to_string(length) + " bytes");
  const auto body = in.raw(length);
  if (in.is_short()) return std::nullopt;
  return Message{type, body, bytes.substr(0, kHeader + length)};
}

}  // namespace assay::agent::tls
