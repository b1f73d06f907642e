// Any bytes as rpm's database of this form: refused, or headers that together fit into it.
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "agent/probes/linux/software/rpm/bdb_packages.h"
#include "agent/probes/linux/software/rpm/rpm_header.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  assay::agent::MemoryBytes file({reinterpret_cast<const char*>(data), size});
  std::uint64_t sum = 0;
  (void)assay::agent::visit_bdb_headers(  // most inputs are refused
      file, [&](assay::agent::ByteSource& header) -> assay::Status {
        sum += header.size();
        if (sum > size) std::abort();
        if (!header.at(0, static_cast<std::size_t>(header.size()))) std::abort();
        (void)assay::agent::read_rpm_header(header);  // a package more or less is all the same here
        return {};
      });
  return 0;
}
