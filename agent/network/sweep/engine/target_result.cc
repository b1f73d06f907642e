#include "agent/network/sweep/engine/target_result.h"

namespace assay::agent::sweep {

std::string_view name_of(SweepMethod method) {
  switch (method) {
    case SweepMethod::kSyn: return "syn";
    case SweepMethod::kConnect: return "connect";
    case SweepMethod::kUdp: return "udp";
  }
  return "syn";
}

void TargetResult::settle(std::uint16_t port, PortState state,
                          std::optional<std::uint32_t> answered_ms) {
  switch (state) {
    case PortState::kUnasked: return;
    case PortState::kUnsent: ++unsent; return;
    case PortState::kWaiting:
      ++silent;
      if (method == SweepMethod::kUdp)
        answering.push_back({.port = port, .is_certain = false, .answered_ms = {}});
      break;
    case PortState::kOpen:
      ++open;
      answering.push_back({.port = port, .is_certain = true, .answered_ms = answered_ms});
      break;
    case PortState::kClosed: ++closed; break;
    case PortState::kRejected: ++rejected; break;
  }
  ++asked;
}

}  // namespace assay::agent::sweep
