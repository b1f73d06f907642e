#include "agent/probes/linux/network/listening_ports.h"

#include "agent/probes/linux/network/listeners.h"
#include "agent/probes/linux/text/cells.h"

namespace assay::agent {

Result<evidence::Table> collect_listening_ports(Host& host) {
  const auto listeners = find_listeners(host);
  if (!listeners) return fail(listeners.error());
  evidence::Table table(*evidence::find_table("listening_ports"));
  for (const auto& [socket, process, package] : *listeners) {
    // The kernel's number for a network namespace differs after each boot, so the column
    // net_namespace would make an unchanged machine look changed: NULL.
    table.add({{"port", std::int64_t{socket.port}},
               {"protocol", std::int64_t{socket.protocol}},
               {"family", std::int64_t{socket.family}},
               {"address", socket.address},
               {"path", text_or_null(process.path)},
               {"process", text_or_null(process.name)},
               {"package", text_or_null(package)},
               {"unit", text_or_null(process.unit)},
               {"uid", std::int64_t{socket.uid}}});
  }
  return table;
}

}  // namespace assay::agent
