#include "collector/store/register_store.h"

#include <algorithm>

namespace assay::collector {
namespace {

Status check_change(const RegisterChange& change) {
  const auto& entry = change.entry;
  const auto has = [&](const evidence::Digest& digest) {
    return std::ranges::any_of(change.tables, [&](const StoredTable& table) {
      return table.facts.digest == digest && !table.facts.name.empty() && !table.frame.empty();
    });
  };
  if (entry.host_id.empty() || entry.fields.empty() || !has(entry.register_table) ||
      !has(entry.groups_table) || !std::ranges::is_sorted(entry.groups))
    return fail(Code::kInternal, "a change of the register is of a host and has its tables");
  return {};
}

}  // namespace

Result<RegisterEntry> RegisterStore::register_entry(std::string_view host_id,
                                                    std::optional<evidence::Seconds> as_of) {
  return measured("register_entry", [&] { return do_register_entry(host_id, as_of); });
}

Result<Page<RegisterEntry>> RegisterStore::register_entries(std::optional<evidence::Seconds> as_of,
                                                            const PageRequest& page) {
  return measured("register_entries", [&] { return do_register_entries(as_of, bounded(page)); });
}

Result<Page<RegisterEntry>> RegisterStore::register_history(std::string_view host_id,
                                                            const PageRequest& page) {
  return measured("register_history", [&] { return do_register_history(host_id, bounded(page)); });
}

Status RegisterStore::change_register(std::span<const RegisterChange> changes) {
  for (const auto& change : changes)
    if (auto sound = check_change(change); !sound) return sound;
  if (changes.empty()) return {};
  return measured("change_register", [&] { return do_change_register(changes); });
}

Result<ApprovalCounts> RegisterStore::approve(std::span<const Approval> approvals) {
  for (const auto& approval : approvals)
    if (auto sound = check_approval(approval); !sound) return fail(sound.error());
  if (approvals.empty()) return ApprovalCounts{};
  return measured("approve", [&] { return do_approve(approvals); });
}

Status RegisterStore::withdraw(std::span<const std::string> ids, const Withdrawal& withdrawal) {
  if (auto sound = check_text("note", withdrawal.note); !sound) return sound;
  if (ids.empty()) return {};
  return measured("withdraw", [&] { return do_withdraw(ids, withdrawal); });
}

Result<Approval> RegisterStore::approval(std::string_view id) {
  return measured("approval", [&] { return do_approval(id); });
}

Result<Page<Approval>> RegisterStore::approvals(const ApprovalFilter& filter,
                                                const PageRequest& page) {
  return measured("approvals", [&] { return do_approvals(filter, bounded(page)); });
}

}  // namespace assay::collector
