// What from_canonical() accepts, to_canonical() writes again byte for byte; and
// outline_of_canonical() is of the same opinion, in the same words.
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "evidence/canonical.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace assay::evidence;
  const std::string_view bytes(reinterpret_cast<const char*>(data), size);
  const auto table = from_canonical(bytes);
  const auto outline = outline_of_canonical(bytes);
  if (table.has_value() != outline.has_value()) std::abort();
  if (!table) {
    if (table.error().message() != outline.error().message()) std::abort();
    return 0;
  }
  if (table->header() != outline->header || table->rows().size() != outline->rows) std::abort();
  const auto again = to_canonical(*table);
  if (!again || *again != bytes) std::abort();
  return 0;
}
