// Any bytes as /etc/exports: every export has a client and a line.
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "agent/probes/linux/network/shares/exports_file.h"

using namespace assay::agent;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  for (const auto& given : parse_exports({reinterpret_cast<const char*>(data), size}))
    if (given.client.empty() || given.line < 1) std::abort();
  return 0;
}
