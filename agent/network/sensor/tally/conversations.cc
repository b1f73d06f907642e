#include "agent/network/sensor/tally/conversations.h"

namespace assay::agent::sensor {
namespace {

// Rows of many clients, and of many servers, have room of their own behind the limit.
constexpr std::size_t kFoldedRows = 4096;
constexpr std::size_t kLastRows = 1024;

std::uint64_t word_of(const std::optional<Address>& address) {
  return address ? mix(address->high ^ 1) ^ address->low : 0;
}

}  // namespace

std::uint64_t ConversationKey::hash(std::uint64_t seed) const {
  return hash_words(seed, {word_of(client), word_of(server), tag_word(vlan, inner_vlan, protocol),
                           std::uint64_t{server_port} << 48U | std::uint64_t{tls_version} << 32U |
                               std::uint64_t{tls_suite} << 16U | std::uint64_t{service} << 8U |
                               static_cast<std::uint64_t>(began),
                           name});
}

Conversations::Conversations(std::size_t limit, std::uint64_t seed)
    : all_(limit, seed), unanswered_limit_(limit / 4) {}

Conversation* Conversations::place_for(const Flow& flow, ConversationKey key) {
  const auto limit = all_.limit();
  const auto row = [&](bool may_add) { return may_add ? all_.find_or_add(key) : all_.find(key); };
  const bool has_room = flow.is_answered || unanswered_ < unanswered_limit_;
  const auto size = all_.size();
  if (auto* found = row(has_room && size + kFoldedRows + kLastRows < limit)) {
    if (all_.size() > size && !flow.is_answered) ++unanswered_;
    return found;
  }
  ++folded_;
  key.client.reset();
  key.tls_version = key.tls_suite = 0;
  key.name = 0;
  if (auto* found = row(size + kLastRows < limit)) return found;
  key.server.reset();
  key.server_port = key.vlan = key.inner_vlan = 0;
  return row(true);
}

void Conversations::add(const Flow& flow) {
  const auto server = flow.server();
  ConversationKey key{.client = flow.address(flow.client),
                      .server = flow.address(server),
                      .server_port = flow.port(server),
                      .vlan = flow.key.vlan,
                      .inner_vlan = flow.key.inner_vlan,
                      .tls_version = flow.tls_version,
                      .tls_suite = flow.tls_suite,
                      .name = flow.name,
                      .protocol = flow.key.protocol,
                      .service = flow.service,
                      .began = flow.began};
  auto* sum = place_for(flow, key);
  if (sum == nullptr) return;  // counted as refused
  ++sum->flows;
  sum->answered += flow.is_answered ? 1 : 0;
  sum->packets_to_server += flow.packets[flow.client];
  sum->packets_to_client += flow.packets[server];
  sum->bytes_to_server += flow.bytes[flow.client];
  sum->bytes_to_client += flow.bytes[server];
  sum->off_hours += flow.is_off_hours ? 1 : 0;
  sum->seen.add(flow.first, flow.last);
}

}  // namespace assay::agent::sensor
