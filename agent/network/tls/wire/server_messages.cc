#include "agent/network/tls/wire/server_messages.h"

#include <bit>

#include "agent/network/tls/suites/cipher_suite.h"
#include "agent/network/tls/wire/bytes.h"
#include "agent/network/tls/wire/extension.h"

namespace assay::agent::tls {

namespace {

// The random of a HelloRetryRequest: SHA-256 of "HelloRetryRequest" (RFC 8446 4.1.3).
constexpr std::string_view kRetryRandom{
    "\xCF\x21\xAD\x74\xE5\x9A\x61\x11\xBE\x1D\x8C\x02\x1E\x65\xB8\x91"
    "\xC2\xA2\x11\x16\x7A\xBB\x8C\x5E\x07\x9E\x09\xE2\xC8\xA8\x33\x9C",
    32};

std::unexpected<Error> broken(std::string what) {
  return fail(Code::kInvalidData, std::move(what) + " against the grammar of TLS");
}

void read_extension(std::uint32_t type, std::string_view body, ServerHello* hello) {
  ByteReader in(body);
  switch (type) {
    case kSupportedVersions:
      if (body.size() == 2) hello->version = in.u16();
      break;
    case kKeyShare:
      if (body.size() < 2) break;
      hello->group = in.u16();
      hello->key_share = in.block(2);
      break;
    case kCookie: hello->cookie = in.block(2); break;
    case kPreSharedKey: hello->has_pre_shared_key = true; break;
    case kApplicationProtocols: {
      ByteReader list(in.block(2));
      hello->application_protocol = list.block(1);
      break;
    }
    case kRenegotiationInfo: hello->has_renegotiation_info = true; break;
    case kSessionTicket: hello->has_session_ticket = true; break;
    case kExtendedMasterSecret: hello->has_extended_master_secret = true; break;
    case kEncryptThenMac: hello->has_encrypt_then_mac = true; break;
    case kHeartbeat: hello->has_heartbeat = true; break;
    default: break;
  }
}

std::int64_t bits_of(std::string_view number) {
  while (number.starts_with('\0')) number.remove_prefix(1);
  if (number.empty()) return 0;
  return static_cast<std::int64_t>(number.size()) * 8 -
         std::countl_zero(static_cast<unsigned char>(number.front()));
}

bool is_signed(Authentication authentication) {
  using enum Authentication;
  return authentication == kByRsa || authentication == kByDss || authentication == kByEcdsa ||
         authentication == kByGost;
}

// Signed with a hash that it names, since TLS 1.2.
std::optional<std::uint32_t> signature_in(ByteReader& in, const CipherSuite& suite,
                                          std::uint32_t version) {
  if (!is_signed(suite.authentication) || version < version_of(Protocol::kTls12) || in.is_empty())
    return std::nullopt;
  return in.u16();
}

}  // namespace

Result<ServerHello> parse_server_hello(std::string_view body) {
  ByteReader in(body);
  ServerHello hello;
  hello.version = in.u16();
  hello.is_retry = in.raw(32) == kRetryRandom;
  const auto session = in.block(1);
  hello.has_session_id = !session.empty();
  hello.suite = in.u16();
  hello.compression = in.u8();
  if (in.is_short() || session.size() > 32) return broken("a ServerHello");
  if (in.is_empty()) return hello;
  ByteReader extensions(in.block(2));
  if (in.is_short() || !in.is_empty()) return broken("a ServerHello");
  while (!extensions.is_empty()) {
    const auto type = extensions.u16();
    const auto content = extensions.block(2);
    if (extensions.is_short()) return broken("an extension of a ServerHello");
    read_extension(type, content, &hello);
  }
  return hello;
}

Result<std::vector<std::string>> parse_certificate(std::string_view body) {
  ByteReader in(body);
  ByteReader list(in.block(3));
  std::vector<std::string> chain;
  while (!list.is_empty()) {
    if (chain.size() == kMaxChainCertificates)
      return fail(Code::kTooLarge, "a chain of more certificates than are read");
    const auto certificate = list.block(3);
    if (list.is_short()) break;
    chain.emplace_back(certificate);
  }
  if (in.is_short() || list.is_short() || !in.is_empty()) return broken("a Certificate message");
  return chain;
}

Result<std::optional<ServerKeyExchange>> parse_server_key_exchange(std::string_view body,
                                                                   const ServerHello& hello) {
  const auto* suite = find_suite(hello.suite);
  if (suite == nullptr) return std::nullopt;
  ByteReader in(body);
  ServerKeyExchange out;
  if (suite->authentication == Authentication::kByPsk) (void)in.block(2);  // the hint
  switch (suite->key_exchange) {
    case KeyExchange::kEcdhe: {
      if (suite->authentication == Authentication::kByPassword) return std::nullopt;
      constexpr std::uint32_t kNamedCurve = 3;
      if (in.u8() != kNamedCurve) return std::nullopt;  // explicit: nobody should, nothing to name
      out.group = in.u16();
      (void)in.block(1);  // the point
      break;
    }
    case KeyExchange::kDhe:
      out.bits = bits_of(in.block(2));
      (void)in.block(2);  // the generator
      (void)in.block(2);  // the share
      break;
    case KeyExchange::kRsa:  // an export suite's short-lived key
      if (suite->authentication == Authentication::kByPsk) return std::nullopt;
      out.bits = bits_of(in.block(2));
      (void)in.block(2);
      break;
    case KeyExchange::kSrp:
      out.bits = bits_of(in.block(2));
      (void)in.block(2);
      (void)in.block(1);
      (void)in.block(2);
      break;
    default: return std::nullopt;
  }
  out.signature = signature_in(in, *suite, hello.version);
  if (in.is_short()) return broken("a ServerKeyExchange");
  return out;
}

Result<std::string> parse_certificate_status(std::string_view body) {
  constexpr std::uint32_t kOcsp = 1;
  ByteReader in(body);
  const auto type = in.u8();
  const auto response = in.block(3);
  if (in.is_short()) return broken("a CertificateStatus");
  return type == kOcsp ? std::string(response) : std::string();
}

}  // namespace assay::agent::tls
