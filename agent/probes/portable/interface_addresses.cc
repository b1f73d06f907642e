#include "agent/probes/portable/interface_addresses.h"

namespace assay::agent {
namespace {

evidence::Value text_or_null(const std::string& text) {
  if (text.empty()) return evidence::kNull;
  return text;
}

}  // namespace

Result<evidence::Table> collect_interface_addresses(Host& host) {
  const auto addresses = host.interface_addresses();
  if (!addresses) return fail(addresses.error());
  evidence::Table table(*evidence::find_table("interface_addresses"));
  // How an address came about (column type) is not among what a Host shows: NULL.
  for (const auto& address : *addresses)
    table.add({{"interface", address.interface},
               {"address", address.address},
               {"mask", text_or_null(address.mask)},
               {"broadcast", text_or_null(address.broadcast)},
               {"point_to_point", text_or_null(address.point_to_point)}});
  return table;
}

}  // namespace assay::agent
