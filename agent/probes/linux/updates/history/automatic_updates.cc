#include "agent/probes/linux/updates/history/automatic_updates.h"

#include "agent/probes/linux/updates/history/mechanism.h"

namespace assay::agent {

Result<evidence::Table> collect_automatic_updates(Host& host) {
  const auto units = UnitFiles::load(host);
  if (!units) return fail(units.error());
  evidence::Table table(*evidence::find_table("automatic_updates"));
  bool has_manager = false;
  for (const auto inspect : {inspect_unattended_upgrades, inspect_dnf_automatic, inspect_yum_cron,
                             inspect_zypper_updates}) {
    auto mechanism = inspect(host, *units);
    if (!mechanism) return fail(std::move(mechanism.error()));
    if (!*mechanism) continue;
    has_manager = true;
    add_mechanism(**mechanism, table);
  }
  if (!has_manager)
    return fail(Code::kNotSupported, "the system has none of apt, dnf, yum and zypper");
  return table;
}

}  // namespace assay::agent
