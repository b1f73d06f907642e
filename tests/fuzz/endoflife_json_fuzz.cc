// Any bytes as an answer of endoflife.date's API: refused, or cycles that become a file of content
// which names the same products.
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "checks/lifecycle/cycles_yaml.h"
#include "checks/lifecycle/endoflife_json.h"

using namespace assay::checks::lifecycle;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  auto cycles = parse_endoflife({reinterpret_cast<const char*>(data), size});
  if (!cycles) return 0;
  if (!select(&*cycles, {{}, "2012-01-01"})) std::abort();
  if (cycles->retrieved.empty()) cycles->retrieved = "2026-11-21";
  for (const auto& product : cycles->products)
    for (const auto& cycle : product.cycles)
      if (!is_name(cycle.name)) std::abort();
  if (!products_of(to_yaml(*cycles, "fuzz"), "fuzz.yaml")) std::abort();
  return 0;
}
