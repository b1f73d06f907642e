// What is recorded of machines: that it was recorded is an act in the ledger; the tables that
// checks read are those that it comes to.
#include "collector/fsck/examiner.h"
#include "collector/records/register_tables.h"

namespace assay::collector {
namespace {

Status examine_entry(Examination& examination, const RegisterEntry& entry) {
  const auto subject =
      "entry " + std::to_string(entry.number) + " of the register, of host " + entry.host_id;
  const auto change = change_to(entry);
  if (!change) return examination.note(subject, change.error());
  if (change->entry.register_table != entry.register_table ||
      change->entry.groups_table != entry.groups_table)
    examination.damage(subject, "its tables are others than what was recorded comes to");
  for (const auto& table : change->tables)
    if (!examination.tables.contains(table.facts.digest))
      examination.damage(subject, "its table " + table.facts.name + " is missing or damaged");
  return {};
}

}  // namespace

Status examine_register(Examination& examination) {
  return for_every(
      [&](const PageRequest& page) { return examination.store.hosts("", page); },
      [&](const Host& host) {
        return for_every(
            [&](const PageRequest& page) {
              return examination.store.register_history(host.id, page);
            },
            [&](const RegisterEntry& entry) { return examine_entry(examination, entry); });
      });
}

}  // namespace assay::collector
