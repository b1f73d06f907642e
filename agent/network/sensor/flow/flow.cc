#include "agent/network/sensor/flow/flow.h"

namespace assay::agent::sensor {
namespace {

constexpr std::uint16_t kRegistered = 1024;   // RFC 6335: system ports lie below
constexpr std::uint16_t kEphemeral = 32'768;  // Linux's first; others begin at 49152

bool is_service(std::uint16_t port, std::uint16_t other) {
  return (port < kRegistered && other >= kRegistered) || (port < kEphemeral && other >= kEphemeral);
}

}  // namespace

void judge_beginning(const Packet& packet, Side sender, Flow* flow) {
  const Side receiver = sender == kLow ? kHigh : kLow;
  if (packet.protocol == kTcp && (packet.tcp_flags & kSyn) != 0) {
    flow->began = Began::kOpening;
    flow->client = (packet.tcp_flags & kAck) != 0 ? receiver : sender;
    return;
  }
  flow->client = sender;
  flow->began = Began::kFirst;
  // UDP has no beginning of its own: the first packet of a capture may well be an answer.
  if (packet.protocol != kTcp && packet.protocol != kUdp) return;
  if (is_service(packet.destination_port, packet.source_port)) {
    flow->began = Began::kPort;
  } else if (is_service(packet.source_port, packet.destination_port)) {
    flow->began = Began::kPort;
    flow->client = receiver;
  }
}

}  // namespace assay::agent::sensor
