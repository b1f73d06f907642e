#include "agent/network/tls/wire/answer.h"
#include "agent/network/tls/wire/bytes.h"

namespace assay::agent::tls {

Result<Ssl2Answer> parse_ssl2_answer(std::string_view bytes) {
  constexpr std::uint32_t kServerHello = 4;
  constexpr std::size_t kFixed = 11;  // a SERVER-HELLO before its three variable parts
  ByteReader in(bytes);
  if (bytes.size() < 2) {
    // The first byte of a TLS record is below 0x80; a length of two bytes has its top bit set.
    if (!bytes.empty() && (static_cast<unsigned char>(bytes[0]) & 0x80U) == 0)
      return fail(Code::kInvalidData, "the answer is not SSLv2");
    return Ssl2Answer{};
  }
  const auto header = in.u16();
  const auto length = header & 0x7FFFU;
  if ((header & 0x8000U) == 0 || length < kFixed)
    return fail(Code::kInvalidData, "the answer is not SSLv2");
  if (bytes.size() >= 3 && static_cast<unsigned char>(bytes[2]) != kServerHello)
    return fail(Code::kInvalidData, "the answer is not a SERVER-HELLO of SSLv2");
  ByteReader message(in.raw(length));
  if (in.is_short()) return Ssl2Answer{};
  (void)message.raw(3);  // message, session hit, kind of certificate
  const auto version = message.u16();
  const auto certificate_bytes = message.u16();
  const auto suite_bytes = message.u16();
  const auto connection_bytes = message.u16();
  Ssl2Answer out;
  out.certificate = message.raw(certificate_bytes);
  ByteReader suites(message.raw(suite_bytes));
  (void)message.raw(connection_bytes);
  if (message.is_short() || version != version_of(Protocol::kSsl2) || suite_bytes % 3 != 0)
    return fail(Code::kInvalidData, "a SERVER-HELLO against the grammar of SSLv2");
  while (!suites.is_empty()) out.suites.push_back(suites.u24());
  out.is_complete = true;
  return out;
}

}  // namespace assay::agent::tls
