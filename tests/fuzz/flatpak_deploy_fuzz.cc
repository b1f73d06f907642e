// Any bytes as flatpak's deploy file: refused, or parts that lie within it.
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "agent/probes/linux/software/bundles/flatpak_deploy.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const auto deploy =
      assay::agent::parse_flatpak_deploy({reinterpret_cast<const char*>(data), size});
  if (!deploy) return 0;
  if (deploy->origin.size() + deploy->commit.size() > size) std::abort();
  if (deploy->installed_bytes.value_or(0) < 0) std::abort();
  return 0;
}
