// Any bytes as the header of an installed package: refused, or one that has a name and a version.
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "agent/probes/linux/software/rpm/rpm_header.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  assay::agent::MemoryBytes blob({reinterpret_cast<const char*>(data), size});
  const auto header = assay::agent::read_rpm_header(blob);
  if (!header) return 0;
  if (header->name.empty() || header->version.empty() || header->release.empty()) std::abort();
  if (header->size_bytes.value_or(0) < 0 || header->epoch.value_or(0) < 0) std::abort();
  if (!header->signing_key.empty() && header->signing_key.size() != 16) std::abort();
  return 0;
}
