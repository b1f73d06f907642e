// Any bytes as wtmp, as lastlog and as the databases that newer systems note logins in: a row for
// every account, or an error.
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>

#include "agent/probes/linux/accounts/logins/last_logins.h"
#include "tests/unit/agent/map_host.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string bytes(reinterpret_cast<const char*>(data), size);
  for (const auto* path : {"/var/log/wtmp", "/var/log/lastlog", "/var/lib/wtmpdb/wtmp.db",
                           "/var/lib/lastlog/lastlog2.db"}) {
    assay::agent::MapHost host{
        {"/etc/passwd", "root:x:0:0::/root:/bin/sh\nlin:x:3:3::/home/lin:/bin/sh\n"},
        {path, bytes}};
    const auto table = assay::agent::collect_last_logins(host);
    if (table && (table->rows().size() < 2 || !table->defect().empty())) std::abort();
  }
  return 0;
}
