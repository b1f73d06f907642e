// Any bytes as a program: not Go's, refused, or build info with a version.
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "agent/probes/linux/libraries/programs/go_build_info.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace assay::agent;
  MemoryBytes program(std::string_view(reinterpret_cast<const char*>(data), size));
  const auto info = read_go_build_info(program);
  if (!info || !*info) return 0;
  if ((*info)->go_version.empty() || (*info)->dependencies.size() > kMaxGoModules) std::abort();
  return 0;
}
