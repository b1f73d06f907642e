// Any bytes as the logs of package managers: refused, or runs that all have a time.
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

#include "agent/probes/linux/updates/backup/last_success.h"
#include "agent/probes/linux/updates/history/past_run.h"

namespace {

using namespace assay::agent;

void check(const assay::Result<std::vector<PastRun>>& runs) {
  if (!runs) return;
  for (const auto& run : *runs) {
    if (run.time.size() < 10 || run.manager.empty()) std::abort();
    if (run.program.find_first_of(" ='\"") != std::string::npos) std::abort();
    if (run.installed.value_or(0) < 0 || run.upgraded.value_or(0) < 0) std::abort();
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  check(parse_apt_history(text));
  check(parse_dpkg_log(text));
  check(parse_zypp_history(text));
  check(parse_apk_log(text));
  MemoryBytes database(text);
  check(read_dnf_history(database, nullptr));
  (void)last_rsnapshot_day(text, rsnapshot_settings(text).level);  // these must only end
  (void)last_pgbackrest_day(text);
  (void)snapper_day(text);
  return 0;
}
