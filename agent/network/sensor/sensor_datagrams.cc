// The part of Sensor that looks at UDP datagrams, and at DNS over both transports.
#include <algorithm>

#include "agent/network/sensor/sensor.h"

namespace assay::agent::sensor {
namespace {

constexpr std::uint8_t kMaxTries = 4;  // datagrams of a flow that nobody knows

std::uint8_t dns_service() {
  static const auto kService =
      static_cast<std::uint8_t>(find_recogniser("dns") - recognisers().data() + 1);
  return kService;
}
std::uint8_t first_datagram_service() {
  return static_cast<std::uint8_t>(recognisers().size() + 1);
}
std::uint8_t multicast_dns_service() {
  return static_cast<std::uint8_t>(first_datagram_service() + datagram_recognisers().size());
}

}  // namespace

std::string_view Sensor::service_name(std::uint8_t service) {
  if (service == 0) return {};
  if (service < first_datagram_service()) return recognisers()[service - 1U].name;
  if (service < multicast_dns_service())
    return datagram_recognisers()[static_cast<std::size_t>(service - first_datagram_service())]
        .name;
  return "mdns";
}

void Sensor::look_at_datagram(const Packet& packet, Side sender, Flow* flow) {
  const bool is_known = flow->service != 0;
  if (!is_known && flow->tries >= kMaxTries) return;
  const bool may_be_dns =
      !is_known || flow->service == dns_service() || flow->service == multicast_dns_service();
  if (may_be_dns && read_dns(packet.payload, &dns_)) return note_dns(dns_, sender, flow);
  const auto others = datagram_recognisers();
  for (std::size_t at = 0; at < others.size(); ++at) {
    const auto service = static_cast<std::uint8_t>(first_datagram_service() + at);
    if (is_known && flow->service != service) continue;
    Recognised found;
    if (!others[at].look(packet.payload, &found)) continue;
    flow->service = service;
    // A request and its answer bear the same secret: one message, one count.
    return note_secret(found, *flow);
  }
  if (!is_known) ++flow->tries;
}

void Sensor::note_dns(const DnsMessage& message, Side sender, Flow* flow) {
  // Names that are asked of everybody on the link ask no server.
  if (is_multicast_or_broadcast(flow->key.low) || is_multicast_or_broadcast(flow->key.high) ||
      flow->key.low_port == 5353 || flow->key.high_port == 5353) {
    flow->service = multicast_dns_service();
    return;
  }
  flow->service = dns_service();
  if (flow->began != Began::kOpening) {
    flow->began = Began::kContent;
    flow->client = message.is_answer ? (sender == kLow ? kHigh : kLow) : sender;
  }
  auto* count = findings_.dns.find_or_add(peers_of(*flow));
  if (count != nullptr) {  // otherwise counted as refused
    ++(message.is_answer ? count->answers : count->queries);
    if (message.is_answer && message.code == 3) ++count->name_errors;
    if (message.is_answer && message.code != 0 && message.code != 3) ++count->refusals;
    count->seen.add(now_, now_);
  }
  if (!message.is_answer) return check_name(message.name, Sign::kDnsQuery, *flow);
  if (options_.lists == nullptr) return;
  for (const auto& address : message.addresses)
    options_.lists->match(address, 0, [&](const BlockLists::Entry& entry) {
      findings_.add_hit(entry, *flow, to_text(address), Sign::kDnsAnswer, now_);
    });
}

void Sensor::note_dns_stream(Flow* flow, const Exchange& exchange) {
  for (auto rest = exchange.client; const auto message = take_dns(&rest);)
    if (read_dns(*message, &dns_)) note_dns(dns_, flow->client, flow);
  for (auto rest = exchange.server; const auto message = take_dns(&rest);)
    if (read_dns(*message, &dns_)) note_dns(dns_, flow->server(), flow);
}

}  // namespace assay::agent::sensor
