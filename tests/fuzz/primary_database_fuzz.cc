// Any bytes as yum's database of packages: whole packages, or an error.
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "agent/probes/linux/updates/rpm/primary_database.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace assay::agent;
  MemoryBytes bytes(std::string_view(reinterpret_cast<const char*>(data), size));
  (void)scan_primary_database(
      bytes, [](std::string_view name) { return name.size() % 2 == 0; },
      [](const OfferedRpm& package) {
        if (package.name.empty() || package.arch.empty() || package.version.empty()) std::abort();
      });
  return 0;
}
