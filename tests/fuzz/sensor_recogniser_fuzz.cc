// Any bytes as what client and server say, and as a datagram: every recogniser ends, stays within
// what it was given, and says nothing that has no place in a table.
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstdlib>

#include "agent/network/sensor/recognise/command_reader.h"
#include "agent/network/sensor/recognise/dns.h"
#include "agent/network/sensor/recognise/http.h"
#include "agent/network/sensor/recognise/recogniser.h"

using namespace assay::agent::sensor;

namespace {

void look(const Exchange& exchange) {
  for (const auto& each : recognisers()) {
    Recognised found;
    (void)each.look(exchange, &found);  // any verdict is right
    if (found.name.size() > kMaxName) std::abort();
    if (found.tls_client == kNoTls) continue;
    if (found.tls_client > exchange.client.size() || found.tls_server > exchange.server.size())
      std::abort();
  }
}

// What a client says, read on: every piece is read once, and ends.
void read_on(std::string_view text) {
  using Protocol = CommandReader::Protocol;
  for (const auto protocol : {Protocol::kFtp, Protocol::kHttp, Protocol::kImap, Protocol::kLdap,
                              Protocol::kPop3, Protocol::kSmtp}) {
    CommandReader reader(protocol);
    for (auto rest = text; !rest.empty() && !reader.is_over();) {
      const auto heard = reader.read(rest, true);
      if (heard.read > rest.size() || heard.host.size() > kMaxName) std::abort();
      if (heard.read == 0 && !reader.is_over()) std::abort();
      rest.remove_prefix(heard.read);
    }
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const Bytes all(data, size);
  // Two bytes of length of what the client says; the rest is the server's.
  if (size >= 2) {
    const auto client = std::min<std::size_t>(be16(data), size - 2);
    look({all.subspan(2, client), all.subspan(2 + client), false});
    look({all.subspan(2 + client), all.subspan(2, client), true});
  }
  for (const auto& each : datagram_recognisers()) {
    Recognised found;
    (void)each.look(all, &found);  // either answer is right
  }
  DnsMessage message;
  if (read_dns(all, &message) && message.addresses.size() > kMaxDnsAddresses) std::abort();
  read_on(text_of(all));
  Recognised request;
  (void)read_http_request(text_of(all), &request);  // either answer is right
  if (request.name.size() > kMaxName) std::abort();
  return 0;
}
