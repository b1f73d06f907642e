// What manifest_from_canonical() accepts, to_canonical() writes again byte for byte.
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "evidence/manifest.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace assay::evidence;
  const std::string_view bytes(reinterpret_cast<const char*>(data), size);
  const auto manifest = manifest_from_canonical(bytes);
  if (!manifest) return 0;
  const auto again = to_canonical(*manifest);
  if (!again || *again != bytes) std::abort();
  return 0;
}
