// What from_canonical() accepts, to_canonical() writes again byte for byte.
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "evidence/canonical.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace assay::evidence;
  const std::string_view bytes(reinterpret_cast<const char*>(data), size);
  const auto table = from_canonical(bytes);
  if (!table) return 0;
  const auto again = to_canonical(*table);
  if (!again || *again != bytes) std::abort();
  return 0;
}
