// What is recorded of machines: that it was recorded is an act in the ledger; the tables that
// checks read are those that it comes to.
#include "collector/fsck/examiner.h"
#include "collector/records/register_tables.h"

namespace assay::collector {
namespace {

Status examine_entry(Examination& examination, const RegisterEntry& entry) {
  const auto subject = phrase({"entry {} of the register, of host {}", "資產清冊第 {} 筆，主機 {}"},
                              entry.number, entry.host_id);
  const auto change = change_to(entry);
  if (!change) return examination.note(subject, change.error());
  if (change->entry.register_table != entry.register_table ||
      change->entry.groups_table != entry.groups_table)
    examination.damage(subject, phrase({"its tables are others than what was recorded comes to",
                                        "資料表與登載的內容不符"}));
  for (const auto& table : change->tables)
    if (!examination.tables.contains(table.facts.digest))
      examination.damage(subject,
                         phrase({"its table {} is missing or damaged", "資料表 {} 遺失或已毀損"},
                                table.facts.name));
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
