#include "agent/network/sensor/tally/findings.h"

namespace assay::agent::sensor {

std::uint64_t Peers::hash(std::uint64_t seed) const {
  return hash_words(seed, {client.high, client.low, server.high, server.low,
                           tag_word(vlan, inner_vlan, protocol), server_port});
}

Peers peers_of(const Flow& flow) {
  return {.client = flow.address(flow.client),
          .server = flow.address(flow.server()),
          .server_port = flow.port(flow.server()),
          .vlan = flow.key.vlan,
          .inner_vlan = flow.key.inner_vlan,
          .protocol = flow.key.protocol};
}

std::uint64_t CleartextKey::hash(std::uint64_t seed) const {
  return hash_words(peers.hash(seed),
                    {std::uint64_t{service} << 16U | static_cast<std::uint64_t>(secret) << 8U |
                     static_cast<std::uint8_t>(offers_tls)});
}

std::uint64_t HostKey::hash(std::uint64_t seed) const {
  return hash_words(seed, {address.high, address.low, tag_word(vlan, inner_vlan, 0)});
}

std::uint64_t HitKey::hash(std::uint64_t seed) const {
  return hash_words(peers.hash(seed),
                    {reinterpret_cast<std::uintptr_t>(entry), std::hash<std::string>()(matched),
                     static_cast<std::uint64_t>(sign)});
}

std::string_view name_of(Sign sign) {
  switch (sign) {
    case Sign::kFlow: return "flow";
    case Sign::kDnsQuery: return "dns_query";
    case Sign::kDnsAnswer: return "dns_answer";
    case Sign::kTlsName: return "tls_server_name";
    case Sign::kHttpHost: return "http_host";
  }
  return "flow";
}

void Findings::add_hit(const BlockLists::Entry& entry, const Flow& flow, std::string_view matched,
                       Sign sign, std::uint32_t now) {
  auto* count = hits.find_or_add(
      {.peers = peers_of(flow), .entry = &entry, .matched = std::string(matched), .sign = sign});
  if (count == nullptr) return;  // counted as refused
  ++count->times;
  count->answered += flow.is_answered ? 1 : 0;
  if (sign == Sign::kFlow) count->bytes += flow.bytes[0] + flow.bytes[1];
  count->seen.add(sign == Sign::kFlow ? flow.first : now, sign == Sign::kFlow ? flow.last : now);
}

}  // namespace assay::agent::sensor
