// What bundle_from_archive() accepts, to_archive() writes again byte for byte, and verify() always
// comes to an answer. The first byte chooses between the archive itself and the frame around it.
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "evidence/bundle.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace assay::evidence;
  if (size == 0) return 0;
  const std::string_view bytes(reinterpret_cast<const char*>(data) + 1, size - 1);
  const bool is_framed = data[0] == 'z';
  const auto bundle = is_framed ? bundle_from_bytes(bytes) : bundle_from_archive(bytes);
  if (!bundle) return 0;
  const auto again = to_archive(*bundle);
  if (!again || (!is_framed && *again != bytes)) std::abort();
  if (verify(*bundle, {}).entries.empty() != (*bundle == Bundle{})) std::abort();
  return 0;
}
