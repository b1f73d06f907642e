// syslog-ng's settings: refused, or destinations that have a driver.
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "agent/probes/linux/operations/logging/syslog_ng_conf.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  const auto conf = assay::agent::parse_syslog_ng_conf(text);
  if (!conf) return 0;
  for (const auto& driver : conf->drivers)
    if (driver.driver.empty() || driver.line < 1) std::abort();
  return 0;
}
