// What people have recorded about machines (the register) and what they have approved.
//
// Safe from any thread. A write is durable when the call returns; a call that fails has written
// nothing. History is kept: every question can be asked as of an earlier moment.
// Any call may fail with kNoSpace, kUnavailable (busy or away: try again) or kIo.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "collector/store/approval.h"
#include "collector/store/evidence_store.h"
#include "collector/store/meter.h"
#include "collector/store/page.h"
#include "collector/store/register_entry.h"
#include "evidence/result.h"
#include "evidence/timestamp.h"

namespace assay::collector {

// A change of the register for one machine. `entry.number` is that of the entry that was read
// before; its `since` is now.
struct RegisterChange {
  RegisterEntry entry;
  std::vector<StoredTable> tables;  // those that entry.register_table and groups_table name
};

struct ApprovalFilter {
  std::string list;  // empty: all lists
  // Only those in force then; absent: all that there ever were.
  std::optional<evidence::Seconds> in_force;
};

// How many of the rows that were to be approved …
struct ApprovalCounts {
  std::int64_t added = 0;      // are new
  std::int64_t replaced = 0;   // of those: took the place of an equal row with another end or note
  std::int64_t unchanged = 0;  // were there already, with the same end and note
};

class RegisterStore : public virtual Metered {
 public:
  virtual ~RegisterStore() = default;

  // What is recorded of the host, now or as of a moment. With number 0 when nothing was.
  [[nodiscard]] Result<RegisterEntry> register_entry(std::string_view host_id,
                                                     std::optional<evidence::Seconds> as_of);
  // Of all hosts of which something was recorded, by host id.
  [[nodiscard]] Result<Page<RegisterEntry>> register_entries(
      std::optional<evidence::Seconds> as_of, const PageRequest& page);
  // Every entry of a host, the newest first.
  [[nodiscard]] Result<Page<RegisterEntry>> register_history(std::string_view host_id,
                                                             const PageRequest& page);
  // All in one transaction. kConflict when the register of one of the hosts was changed in
  // between: read again. kNotFound: no such host.
  [[nodiscard]] Status change_register(std::span<const RegisterChange> changes);

  // All in one transaction. A row that is in force already, with the same end and note, is passed
  // over; with others, or past its end, it is withdrawn and added anew. kUsage as
  // check_approval() says; kTooLarge over kMaxApprovals of one list.
  [[nodiscard]] Result<ApprovalCounts> approve(std::span<const Approval> approvals);
  // By id, all in one transaction. kNotFound; kConflict when one is withdrawn already.
  [[nodiscard]] Status withdraw(std::span<const std::string> ids, const Withdrawal& withdrawal);
  [[nodiscard]] Result<Approval> approval(std::string_view id);
  // The oldest first.
  [[nodiscard]] Result<Page<Approval>> approvals(const ApprovalFilter& filter,
                                                 const PageRequest& page);

 private:
  virtual Result<RegisterEntry> do_register_entry(std::string_view host_id,
                                                  std::optional<evidence::Seconds> as_of) = 0;
  virtual Result<Page<RegisterEntry>> do_register_entries(std::optional<evidence::Seconds> as_of,
                                                          const PageRequest& page) = 0;
  virtual Result<Page<RegisterEntry>> do_register_history(std::string_view host_id,
                                                          const PageRequest& page) = 0;
  virtual Status do_change_register(std::span<const RegisterChange> changes) = 0;
  virtual Result<ApprovalCounts> do_approve(std::span<const Approval> approvals) = 0;
  virtual Status do_withdraw(std::span<const std::string> ids, const Withdrawal& withdrawal) = 0;
  virtual Result<Approval> do_approval(std::string_view id) = 0;
  virtual Result<Page<Approval>> do_approvals(const ApprovalFilter& filter,
                                              const PageRequest& page) = 0;
};

}  // namespace assay::collector
