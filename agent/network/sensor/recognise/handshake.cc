#include "agent/network/sensor/recognise/handshake.h"

#include <algorithm>
#include <vector>

#include "agent/network/tls/wire/bytes.h"
#include "agent/network/tls/wire/extension.h"

namespace assay::agent::sensor {
namespace {

constexpr std::uint8_t kHandshake = 22;
constexpr std::size_t kRecordHeader = 5;
constexpr std::size_t kMessageHeader = 4;

// The message at the start, behind its header, as far as it is there. A message that is spread
// over records is put together in `*joined`.
Bytes first_message(Bytes stream, std::vector<std::uint8_t>* joined) {
  Bytes message;
  while (stream.size() > kRecordHeader && stream[0] == kHandshake) {
    const std::size_t length = be16(stream.data() + 3);
    const auto part =
        stream.subspan(kRecordHeader, std::min(length, stream.size() - kRecordHeader));
    if (joined->empty() && message.empty()) {
      message = part;
    } else {
      if (joined->empty()) joined->assign(message.begin(), message.end());
      joined->insert(joined->end(), part.begin(), part.end());
      message = *joined;
    }
    if (message.size() >= kMessageHeader) {
      const std::size_t wanted = be32(message.data()) & 0xffffffU;
      if (message.size() - kMessageHeader >= wanted) return message.subspan(kMessageHeader, wanted);
    }
    stream = stream.subspan(std::min(stream.size(), kRecordHeader + length));
  }
  return message.size() > kMessageHeader ? message.subspan(kMessageHeader) : Bytes();
}

template <typename Visit>
void each_extension(tls::ByteReader& in, const Visit& visit) {
  (void)in.u16();  // the length of all: the extensions say theirs themselves
  while (!in.is_short() && !in.is_empty()) {
    const auto type = in.u16();
    const auto body = in.block(2);
    if (!in.is_short()) visit(type, body);
  }
}

bool is_name(std::string_view text) {
  return !text.empty() && text.size() <= kMaxName && std::ranges::all_of(text, [](char each) {
    return (each >= 'a' && each <= 'z') || (each >= 'A' && each <= 'Z') ||
           (each >= '0' && each <= '9') || each == '-' || each == '.' || each == '_';
  });
}

}  // namespace

void read_client_hello(Bytes stream, Recognised* found) {
  std::vector<std::uint8_t> joined;
  tls::ByteReader in(text_of(first_message(stream, &joined)));
  (void)in.raw(2 + 32);  // version, random
  (void)in.block(1);     // session
  (void)in.block(2);     // suites
  (void)in.block(1);     // compression
  each_extension(in, [&](std::uint32_t type, std::string_view body) {
    if (type != tls::kServerName) return;
    tls::ByteReader names(body);
    (void)names.u16();
    const auto kind = names.u8();
    const auto name = names.block(2);
    if (kind == 0 && !names.is_short() && is_name(name)) found->name = name;
  });
}

bool read_server_hello(Bytes stream, Recognised* found) {
  if (stream.size() <= kRecordHeader) return false;
  if (stream[kRecordHeader] != 2) return true;  // no ServerHello comes first: nothing to learn
  std::vector<std::uint8_t> joined;
  tls::ByteReader in(text_of(first_message(stream, &joined)));
  const auto version = in.u16();
  (void)in.raw(32);
  (void)in.block(1);
  const auto suite = in.u16();
  (void)in.u8();
  if (in.is_short()) return false;
  found->tls_version = static_cast<std::uint16_t>(version);
  found->tls_suite = static_cast<std::uint16_t>(suite);
  if (in.is_empty()) return true;
  each_extension(in, [&](std::uint32_t type, std::string_view body) {
    if (type == tls::kSupportedVersions && body.size() == 2)
      found->tls_version = be16(bytes_of(body).data());
  });
  return !in.is_short();
}

}  // namespace assay::agent::sensor
