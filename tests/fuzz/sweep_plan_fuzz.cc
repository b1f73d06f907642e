// Any text as a plan, a list of ports and a list of addresses: an error, or what is written as it
// was read.
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "agent/network/sweep/plan/sweep_plan.h"

using namespace assay::agent::sweep;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  if (const auto plan = plan_from(text)) {
    bool has_parts_alike = true;  // a part without ports or targets is not written
    for (const auto& part : plan->parts)
      if (part.targets.is_empty() || (part.ports.tcp.empty() && part.ports.udp.empty()))
        has_parts_alike = false;
    const auto again = plan_from(to_text(*plan));
    if (has_parts_alike && (!again || *again != *plan)) std::abort();
  }
  if (const auto ports = ports_from(text))
    if (ports_from(to_text(*ports)).value() != *ports) std::abort();
  if (const auto set = addresses_from(text)) {
    AddressSet again;
    for (const auto& range : set->ranges()) again.add(range_from(to_text(range)).value());
    if (again != *set) std::abort();
    for (const auto& range : set->ranges())
      if (range.last < range.first) std::abort();
  }
  return 0;
}
