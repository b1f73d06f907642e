// Any bytes as containerd's database: refused, or images with the names that it holds.
#include <cstddef>
#include <cstdint>
#include <string_view>

#include "agent/probes/linux/software/images/containerd_images.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  assay::agent::MemoryBytes file({reinterpret_cast<const char*>(data), size});
  (void)assay::agent::read_containerd_images(file);  // most inputs are refused
  return 0;
}
