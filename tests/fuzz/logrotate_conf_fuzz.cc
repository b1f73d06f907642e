// logrotate's settings: refused, or blocks whose retention is a number of days or has a reason.
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "agent/probes/linux/operations/logging/logrotate_conf.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  const auto conf = assay::agent::parse_logrotate_conf(text, {});
  if (!conf) return 0;
  for (const auto& block : conf->blocks) {
    const auto retention = assay::agent::retention_of(block.rotation);
    if (retention.days && *retention.days < 0) std::abort();
    if (!retention.days && !retention.is_unlimited && retention.reason.empty()) std::abort();
  }
  return 0;
}
