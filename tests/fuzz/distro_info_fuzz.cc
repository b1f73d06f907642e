// Any bytes as a list of distro-info-data: refused, or cycles that become a file of content.
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "checks/lifecycle/cycles_yaml.h"
#include "checks/lifecycle/distro_info.h"

using namespace assay::checks::lifecycle;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  auto cycles = parse_distro_info({reinterpret_cast<const char*>(data), size});
  if (!cycles) return 0;
  for (const auto& cycle : cycles->products.front().cycles)
    if (!is_name(cycle.name) || !is_name(cycle.codename) || cycle.security_until.empty())
      std::abort();
  cycles->retrieved = "2026-11-21";
  if (!products_of(to_yaml(*cycles, "fuzz"), "fuzz.yaml")) std::abort();
  return 0;
}
