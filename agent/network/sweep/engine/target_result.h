// What a sweep finds of one address over one transport.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "agent/network/sensor/packet/address.h"
#include "agent/network/sweep/plan/sweep_plan.h"

namespace assay::agent::sweep {

enum class SweepMethod : std::uint8_t { kSyn, kConnect, kUdp };
[[nodiscard]] std::string_view name_of(SweepMethod method);

enum class PortState : std::uint8_t {
  kUnasked,
  kWaiting,  // asked, and nothing came back: in the end silent
  kOpen,
  kClosed,    // a reset, or ICMP port unreachable for UDP
  kRejected,  // ICMP says that it cannot or may not be reached
  kUnsent,    // this machine did not let the packet out
};

struct AnsweringPort {
  std::uint16_t port = 0;
  bool is_certain = true;  // false: UDP without an answer, which is open or filtered
  std::optional<std::uint32_t> answered_ms;
};

struct TargetResult {
  Address address;
  std::optional<Address> source;  // of our packets; none: there is no route
  Role role = Role::kOwn;
  SweepMethod method = SweepMethod::kSyn;
  std::string ports;  // as they were asked for
  std::uint32_t asked = 0;
  std::uint32_t open = 0;
  std::uint32_t closed = 0;
  std::uint32_t rejected = 0;
  std::uint32_t silent = 0;
  std::uint32_t unsent = 0;
  std::vector<AnsweringPort> answering;  // by port
  std::string note;                      // what went wrong or was left out; empty: nothing
  std::int64_t began_at = 0;             // seconds since 1970, UTC
  std::int64_t ended_at = 0;

  void add_note(std::string_view more) {
    if (note.find(more) != std::string::npos) return;
    note.append(note.empty() ? "" : "; ").append(more);
  }
  // Counts a port as what it turned out to be; an open one is kept.
  void settle(std::uint16_t port, PortState state, std::optional<std::uint32_t> answered_ms);
};

}  // namespace assay::agent::sweep
