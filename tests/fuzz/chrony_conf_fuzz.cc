// Settings of chrony, ntpd and OpenNTPD: refused, or sources with a name and a line.
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "agent/probes/linux/operations/time/chrony_conf.h"
#include "agent/probes/linux/operations/time/ntp_conf.h"

namespace {

void check(const std::vector<assay::agent::TimeSource>& sources) {
  for (const auto& source : sources)
    if (source.server.empty() || source.kind.empty() || source.place.line.value_or(0) < 1)
      std::abort();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  if (const auto conf = assay::agent::parse_chrony_conf(text)) check(conf->sources);
  if (const auto conf = assay::agent::parse_ntp_conf(text)) check(conf->sources);
  if (const auto sources = assay::agent::parse_openntpd_conf(text)) check(*sources);
  return 0;
}
