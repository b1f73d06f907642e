// Any bytes as /var/lib/dpkg/status: refused, or packages that all have a name and a status.
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

#include "agent/probes/linux/software/dpkg_status.h"

using assay::agent::DpkgLayout;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  for (const auto layout : {DpkgLayout::kStatus, DpkgLayout::kStatusFolder}) {
    const auto parsed = assay::agent::parse_dpkg_status(text, layout);
    if (!parsed) continue;
    for (const auto& package : parsed->packages) {
      if (package.name.empty() || package.status.empty()) std::abort();
      if (package.is_installed() && package.version.empty()) std::abort();
      if (package.installed_bytes && *package.installed_bytes < 0) std::abort();
    }
    // An ended file stays whole when an empty line follows it.
    if (parsed->is_ended) {
      const auto longer = assay::agent::parse_dpkg_status(std::string(text) + "\n", layout);
      if (!longer || longer->packages.size() != parsed->packages.size()) std::abort();
    }
  }
  return 0;
}
