// The snapshots that the entries of an audited ledger name: they are read from the collector as
// bundles and checked as if they had been exported. Used by one thread at a time.
#pragma once

#include <cstdint>
#include <random>
#include <vector>

#include "cli/audit/audit_lines.h"
#include "cli/audit/ledger_audit.h"
#include "evidence/ledger/entry.h"

namespace assay::cli {

class SnapshotAudit {
 public:
  // All of them outlive it.
  SnapshotAudit(Remote& remote, const AuditRequest& request, AuditLines& lines)
      : remote_(remote), request_(request), lines_(lines) {}

  // The next entry of the ledger that is a snapshot: looked at when all are wanted, else it may be
  // chosen.
  [[nodiscard]] Status take(const evidence::LedgerEntry& entry);
  // After the last entry: looks at those that were chosen, and tells what was looked at.
  [[nodiscard]] Status finish();

  [[nodiscard]] std::int64_t asked_about() const { return asked_about_; }
  [[nodiscard]] std::int64_t looked_at() const { return looked_at_; }

 private:
  void choose(const evidence::LedgerEntry& entry);
  Status look_at(const evidence::LedgerEntry& entry);
  // Whether the collector says that its retention was over, and it may have been.
  Result<bool> is_removed(const evidence::LedgerEntry& entry);
  void tell();

  Remote& remote_;
  const AuditRequest& request_;
  AuditLines& lines_;
  std::vector<evidence::LedgerEntry> chosen_;
  std::int64_t asked_about_ = 0;
  std::int64_t looked_at_ = 0;
  std::int64_t bad_ = 0;      // of them
  std::int64_t removed_ = 0;  // of them
  std::mt19937_64 random_{std::random_device{}()};
};

}  // namespace assay::cli
