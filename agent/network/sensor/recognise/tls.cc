// TLS (RFC 8446, RFC 5246 and before), SSLv2: version and suite that the server chose, and the name
// the client asked for. Nothing is decrypted.
#include <algorithm>

#include "agent/network/sensor/recognise/handshake.h"
#include "agent/network/sensor/recognise/recogniser.h"

namespace assay::agent::sensor {
namespace {

constexpr std::uint8_t kHandshake = 22;
constexpr std::uint8_t kAlert = 21;

// The first bytes of a record, as far as they are there.
bool may_begin_record(Bytes bytes, std::uint8_t type) {
  if (!bytes.empty() && bytes[0] != type) return false;
  if (bytes.size() > 1 && bytes[1] != 3) return false;
  return bytes.size() <= 2 || bytes[2] <= 4;
}

// SSLv2: two bytes of length with the high bit, the message, the version.
bool is_ssl2_hello(Bytes client) {
  return client.size() >= 5 && (client[0] & 0x80U) != 0 && client[2] == 1 && client[3] <= 3 &&
         (client[3] == 3 || client[4] == 2);
}

}  // namespace

Verdict look_for_tls(const Exchange& exchange, Recognised* found) {
  const auto client = exchange.client;
  const bool has_old_hello = is_ssl2_hello(client);
  if (!has_old_hello && !may_begin_record(client, kHandshake)) return Verdict::kNo;
  if (client.size() < 6 && !has_old_hello) return Verdict::kMore;
  if (!has_old_hello && client[5] != 1) return Verdict::kNo;  // not a ClientHello
  if (has_old_hello && exchange.server.size() >= 7 && exchange.server[2] == 4 &&
      (exchange.server[0] & 0x80U) != 0) {
    found->is_certain = true;
    found->tls_version = 0x0002;
    return Verdict::kYes;
  }
  if (!has_old_hello) {
    found->is_certain = true;
    read_client_hello(client, found);
  }
  if (exchange.server.empty()) return Verdict::kMore;
  if (may_begin_record(exchange.server, kAlert)) {
    found->is_certain = true;
    return exchange.server.size() < 3 ? Verdict::kMore : Verdict::kYes;  // refused
  }
  if (!may_begin_record(exchange.server, kHandshake))
    return has_old_hello ? Verdict::kNo : Verdict::kYes;
  found->is_certain = true;
  return read_server_hello(exchange.server, found) ? Verdict::kYes : Verdict::kMore;
}

}  // namespace assay::agent::sensor
