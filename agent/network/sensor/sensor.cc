#include "agent/network/sensor/sensor.h"

#include <algorithm>

namespace assay::agent::sensor {
namespace {

std::uint32_t within_clock(std::int64_t seconds) {
  return static_cast<std::uint32_t>(std::clamp<std::int64_t>(seconds, 0, 0xffffffff));
}

}  // namespace

Sensor::Sensor(const SensorOptions& options)
    : options_(options),
      flows_(options.flows, options.seed, [this](Flow& flow) { leave(flow); }),
      streams_(options.streams),
      conversations_(options.rows, options.seed),
      findings_(options.rows, options.seed),
      names_(1) {}

void Sensor::take(const Record& record) {
  ++counts_.frames;
  counts_.bytes += std::max<std::uint64_t>(record.wire_bytes, record.data.size());
  now_ = within_clock(record.seconds);
  if (counts_.first == 0 || (now_ != 0 && now_ < counts_.first)) counts_.first = now_;
  counts_.last = std::max(counts_.last, now_);
  Packet packet;
  const auto reason = decoder_.decode(record.data, record.wire_bytes, record.link, &packet);
  ++counts_.by_reason[static_cast<std::size_t>(reason)];
  if (reason != Undecoded::kNone) return;
  if (packet.has_neighbour) note_neighbour(packet);
  if (packet.is_arp) return;

  const auto [key, sender] = key_of(packet);
  auto [flow, is_new] = flows_.find_or_add(key, now_);
  if (is_new) {
    begin(packet, sender, flow);
  } else if (packet.protocol == kTcp && (packet.tcp_flags & (kSyn | kAck)) == kSyn &&
             (flow->flags & (kFin | kRst)) != 0) {
    // The ports are used again: the connection before is over.
    leave(*flow);
    *flow = Flow{};
    flow->key = key;
    flow->first = now_;
    begin(packet, sender, flow);
  }
  flow->packets[sender] += packet.packets;
  flow->bytes[sender] += packet.ip_bytes;
  flow->last = std::max(flow->last, now_);
  flow->flags |= packet.tcp_flags;
  if (sender != flow->client && (packet.tcp_flags & kRst) == 0) flow->is_answered = true;
  if (!options_.recognises) return;
  if (packet.protocol == kTcp)
    look_at_segment(packet, sender, flow);
  else if (packet.protocol == kUdp && !packet.payload.empty())
    look_at_datagram(packet, sender, flow);
}

void Sensor::begin(const Packet& packet, Side sender, Flow* flow) {
  judge_beginning(packet, sender, flow);
  flow->is_off_hours = options_.hours && now_ != 0 && !options_.hours->has(now_);
}

void Sensor::note_neighbour(const Packet& packet) {
  auto* host =
      findings_.hosts.find_or_add({packet.neighbour.address, packet.vlan, packet.inner_vlan});
  if (host == nullptr) return;  // counted as refused
  if (host->has_mac && host->mac != packet.neighbour.mac) ++host->mac_changes;
  host->mac = packet.neighbour.mac;
  host->has_mac = true;
  host->seen.add(now_, now_);
}

// What a flow leaves behind: its row, its ends, and whether they are on a list.
void Sensor::leave(Flow& flow) {
  if (flow.stream < kStreamDone) {
    look(&flow, streams_.at(flow.stream), true);
    if (flow.stream < kStreamDone) end_stream(&flow);
  }
  // What was said may have told only later who is the server.
  if (flow.key.protocol != kTcp || flow.began == Began::kContent)
    flow.is_answered = flow.packets[flow.server()] > 0;
  conversations_.add(flow);
  leave_host(flow, kLow);
  leave_host(flow, kHigh);
  if (options_.lists != nullptr) check_addresses(flow);
}

// Hosts of the company's own networks; those of the internet are in the flows.
void Sensor::leave_host(const Flow& flow, Side side) {
  const auto& address = flow.address(side);
  if (flow.packets[side] == 0 || is_public(address) || is_multicast_or_broadcast(address) ||
      address == Address{} || address.low == kV4Prefix)
    return;
  auto* host = findings_.hosts.find_or_add({address, flow.key.vlan, flow.key.inner_vlan});
  if (host == nullptr) return;  // counted as refused
  host->packets += flow.packets[side];
  host->bytes += flow.bytes[side];
  host->seen.add(flow.first, flow.last);
}

void Sensor::check_addresses(const Flow& flow) {
  for (const auto side : {kLow, kHigh})
    options_.lists->match(flow.address(side), flow.port(side), [&](const BlockLists::Entry& entry) {
      findings_.add_hit(entry, flow, to_text(flow.address(side)), Sign::kFlow, now_);
    });
}

void Sensor::check_name(const std::string& name, Sign sign, const Flow& flow) {
  if (options_.lists == nullptr || name.empty()) return;
  options_.lists->match(name, [&](const BlockLists::Entry& entry) {
    if (entry.what.port == 0 || sign == Sign::kDnsQuery ||
        entry.what.port == flow.port(flow.server()))
      findings_.add_hit(entry, flow, name, sign, now_);
  });
}

std::uint32_t Sensor::number_of(const std::string& name) {
  if (name.empty()) return 0;
  if (const auto known = numbers_.find(name); known != numbers_.end()) return known->second;
  if (names_.size() > options_.rows) {
    ++counts_.names_refused;
    return 0;
  }
  const auto number = static_cast<std::uint32_t>(names_.size());
  names_.push_back(name);
  numbers_.emplace(name, number);
  return number;
}

void Sensor::finish() {
  flows_.clear();
}

}  // namespace assay::agent::sensor
