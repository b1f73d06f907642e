// Any bytes as apk's database: refused, or packages that all have a name and a version.
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "agent/probes/linux/software/apk_installed.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const auto packages =
      assay::agent::parse_apk_installed({reinterpret_cast<const char*>(data), size});
  if (!packages) return 0;
  for (const auto& package : *packages) {
    if (package.name.empty() || package.version.empty()) std::abort();
    if (package.installed_bytes.value_or(0) < 0 || package.build_time.value_or(0) < 0) std::abort();
  }
  return 0;
}
