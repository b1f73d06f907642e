#include "agent/network/services/protocols/ssh/ssh_wire.h"

#include <algorithm>
#include <array>

#include "agent/network/tls/wire/bytes.h"

namespace assay::agent::services {

namespace {

constexpr std::size_t kMaxPacket = 35'000;  // RFC 4253 6.1
constexpr std::size_t kMaxNames = 200;
constexpr std::size_t kMaxNameBytes = 100;

std::unexpected<Error> broken(std::string_view what) {
  return fail(Code::kInvalidData, "SSH: " + std::string(what));
}

NameList names_in(std::string_view list) {
  NameList names;
  while (!list.empty() && names.size() < kMaxNames) {
    const auto comma = list.find(',');
    names.emplace_back(list.substr(0, std::min(comma, kMaxNameBytes)));
    list.remove_prefix(comma == std::string_view::npos ? list.size() : comma + 1);
  }
  return names;
}

std::string joined(const NameList& names) {
  std::string out;
  for (const auto& name : names) out.append(out.empty() ? "" : ",").append(name);
  return out;
}

// Bits of an mpint (RFC 4251 5): without leading zeros.
std::int64_t bits_of(std::string_view number) {
  while (!number.empty() && number.front() == '\0') number.remove_prefix(1);
  if (number.empty()) return 0;
  std::int64_t bits = static_cast<std::int64_t>(number.size() - 1) * 8;
  for (unsigned first = static_cast<unsigned char>(number.front()); first != 0; first >>= 1U)
    ++bits;
  return bits;
}

SshKey key_in(std::string_view blob) {
  tls::ByteReader in(blob);
  SshKey key{std::string(in.block(4).substr(0, kMaxNameBytes))};
  if (key.type == "ssh-rsa") {
    (void)in.block(4);  // the exponent
    key.bits = bits_of(in.block(4));
  } else if (key.type == "ssh-dss") {
    key.bits = bits_of(in.block(4));
  } else if (key.type == "ssh-ed25519") {
    key.bits = 256;
  } else if (key.type == "ssh-ed448") {
    key.bits = 456;
  } else if (key.type.starts_with("ecdsa-sha2-nistp")) {
    for (const std::int64_t bits : {256, 384, 521})
      if (key.type.ends_with(std::to_string(bits))) key.bits = bits;
  }
  return key;
}

std::string opening_with(std::string_view value) {
  tls::ByteWriter out;
  out.u8(30);  // SSH_MSG_KEXDH_INIT, SSH_MSG_KEX_ECDH_INIT
  out.block(4, [&] { out.raw(value); });
  return out.take();
}

struct Exchange {
  std::string_view name;
  std::size_t bytes;  // of the public value: of a curve, or of a group's modulus
  bool is_group;
};
constexpr std::array kExchanges{
    Exchange{"curve25519-sha256", 32, false},
    Exchange{"curve25519-sha256@libssh.org", 32, false},
    Exchange{"ecdh-sha2-nistp256", 65, false},
    Exchange{"diffie-hellman-group14-sha256", 256, true},
    Exchange{"diffie-hellman-group14-sha1", 256, true},
    Exchange{"diffie-hellman-group16-sha512", 512, true},
    Exchange{"diffie-hellman-group18-sha512", 1024, true},
    Exchange{"diffie-hellman-group1-sha1", 128, true},
};

// The base point of P-256 (SEC 2, 2.4.2), uncompressed: a point of the curve like any other.
constexpr std::string_view kBasePoint{
    "\x04\x6B\x17\xD1\xF2\xE1\x2C\x42\x47\xF8\xBC\xE6\xE5\x63\xA4\x40\xF2\x77\x03\x7D\x81\x2D\xEB"
    "\x33\xA0\xF4\xA1\x39\x45\xD8\x98\xC2\x96\x4F\xE3\x42\xE2\xFE\x1A\x7F\x9B\x8E\xE7\xEB\x4A\x7C"
    "\x0F\x9E\x16\x2B\xCE\x33\x57\x6B\x31\x5E\xCE\xCB\xB6\x40\x68\x37\xBF\x51\xF5",
    65};

}  // namespace

Result<std::optional<std::string>> take_ssh_packet(std::string& received) {
  if (received.size() < 5) return std::nullopt;
  tls::ByteReader in(received);
  const std::size_t length = in.number(4);
  const std::size_t padding = in.u8();
  if (length > kMaxPacket) return fail(Code::kTooLarge, "SSH: a packet of more than is read");
  if (length < padding + 2) return broken("a packet without a payload");
  if (received.size() < length + 4) return std::nullopt;
  auto payload = received.substr(5, length - padding - 1);
  received.erase(0, length + 4);
  return payload;
}

std::string ssh_packet(std::string_view payload) {
  constexpr std::size_t kBlock = 8;
  auto padding = kBlock - (payload.size() + 5) % kBlock;
  if (padding < 4) padding += kBlock;
  tls::ByteWriter out;
  out.block(4, [&] {
    out.u8(static_cast<std::uint32_t>(padding));
    out.raw(payload);
    out.raw(std::string(padding, '\0'));
  });
  return out.take();
}

Result<SshOffer> parse_ssh_offer(std::string_view payload) {
  tls::ByteReader in(payload);
  if (in.u8() != static_cast<unsigned char>(kSshKexInit)) return broken("not a KEXINIT");
  (void)in.raw(16);  // the cookie
  SshOffer offer;
  for (auto* list :
       {&offer.key_exchanges, &offer.host_keys, &offer.ciphers_out, &offer.ciphers_in,
        &offer.macs_out, &offer.macs_in, &offer.compressions_out, &offer.compressions_in})
    *list = names_in(in.block(4));
  if (in.is_short()) return broken("a KEXINIT that breaks off");
  return offer;
}

std::string write_ssh_offer(const SshOffer& offer) {
  tls::ByteWriter out;
  out.u8(static_cast<unsigned char>(kSshKexInit));
  out.raw(std::string(16, '\0'));  // the cookie: no secret of ours depends on it
  for (const auto* list :
       {&offer.key_exchanges, &offer.host_keys, &offer.ciphers_out, &offer.ciphers_in,
        &offer.macs_out, &offer.macs_in, &offer.compressions_out, &offer.compressions_in})
    out.block(4, [&] { out.raw(joined(*list)); });
  out.raw(std::string(2 * 4, '\0'));  // no languages
  out.u8(0);                          // nothing follows by guess
  out.raw(std::string(4, '\0'));
  return out.take();
}

std::string ssh_exchange_opening(std::string_view name) {
  const auto* const found = std::ranges::find(kExchanges, name, &Exchange::name);
  if (found == kExchanges.end()) return {};
  if (found->bytes == kBasePoint.size()) return opening_with(kBasePoint);
  // Any 32 bytes are a public value of X25519 (RFC 7748 5). In a group: any number between 1 and
  // the modulus, with bits enough for servers that look; the modulus begins with 64 ones.
  std::string value(found->bytes, '\x55');
  if (!found->is_group) value.front() = '\x09';
  return opening_with(value);
}

Result<SshKey> parse_ssh_exchange_reply(std::string_view payload) {
  tls::ByteReader in(payload);
  if (in.u8() != static_cast<unsigned char>(kSshKexReply))
    return broken("no answer to the exchange");
  const auto blob = in.block(4);
  if (in.is_short() || blob.empty()) return broken("an answer without a host key");
  auto key = key_in(blob);
  if (key.type.empty()) return broken("a host key without a type");
  return key;
}

}  // namespace assay::agent::services
