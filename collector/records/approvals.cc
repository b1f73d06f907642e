#include "collector/records/approvals.h"

#include "collector/records/approval_rows.h"
#include "evidence/canonical.h"

namespace assay::collector {
namespace {

Result<std::vector<Approval>> in_force(RegisterStore& store, const std::string& list,
                                       evidence::Seconds when) {
  std::vector<Approval> all;
  PageRequest page{"", kMaxPage};
  do {
    auto some = store.approvals({list, when}, page);
    if (!some) return fail(some.error());
    for (auto& approval : some->items) all.push_back(std::move(approval));
    page.cursor = some->next;
  } while (!page.cursor.empty());
  return all;
}

void add_rows(evidence::Table* table, const ApprovalList& list,
              const std::vector<Approval>& approvals) {
  for (const auto& approval : approvals) table->add_row(table_row(list.table(), approval));
}

// What the content's own files approve.
evidence::Table rows_of_files(const checks::Content& base, const ApprovalList& list) {
  const auto reference = base.references.find(list.name);
  return reference == base.references.end() ? evidence::Table(list.table())
                                            : *reference->second.table;
}

}  // namespace

Result<std::shared_ptr<const checks::Content>> with_approvals(
    std::shared_ptr<const checks::Content> base, RegisterStore& store, evidence::Seconds when) {
  std::shared_ptr<checks::Content> content;
  std::string digests;
  for (const auto& list : approval_lists()) {
    const auto approvals = in_force(store, list.name, when);
    if (!approvals) return fail(approvals.error());
    if (approvals->empty()) continue;
    if (!content) content = std::make_shared<checks::Content>(*base);
    auto table = rows_of_files(*base, list);
    add_rows(&table, list, *approvals);
    if (!table.defect().empty()) return fail(Code::kInternal, list.name + ": " + table.defect());
    const auto bytes = evidence::to_canonical(table);
    if (!bytes) return fail(bytes.error().within(list.name));
    auto& reference = content->references[list.name];
    reference.table = std::make_shared<const evidence::Table>(std::move(table));
    reference.digest = evidence::sha256(*bytes);
    reference.unavailable.clear();
    digests += list.name + " " + reference.digest.hex() + "\n";
  }
  if (!content) return base;
  content->digest =
      evidence::sha256("assay content with approvals/1\n" + base->digest.hex() + "\n" + digests);
  return content;
}

Result<evidence::Table> approved_rows(const checks::Content& base, const ApprovalList& list,
                                      RegisterStore& store, evidence::Seconds when) {
  const auto approvals = in_force(store, list.name, when);
  if (!approvals) return fail(approvals.error());
  auto table = rows_of_files(base, list);
  add_rows(&table, list, *approvals);
  return table;
}

}  // namespace assay::collector
