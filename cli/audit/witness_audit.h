// What witnesses say of a collector's ledger, held against the tree that is built anew: each that
// is asked for must have co-signed what the ledger begins with. Used by one thread at a time.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "cli/audit/audit_lines.h"
#include "cli/audit/ledger_audit.h"
#include "evidence/ledger/tree_builder.h"

namespace assay::cli {

class WitnessAudit {
 public:
  // All of them outlive it.
  WitnessAudit(Remote& remote, const AuditRequest& request, AuditLines& lines)
      : remote_(remote), request_(request), lines_(lines) {}

  // What the collector shows of them; before its checkpoint, which is then at least as large.
  [[nodiscard]] Status read();
  // After each entry of the ledger. False when a witness has seen another one.
  [[nodiscard]] Result<bool> take(const evidence::TreeBuilder& tree);
  // After the last entry, `size` of them: who has co-signed, and who has not. False when one that
  // is asked for has not, or more than there is.
  [[nodiscard]] bool finish(std::int64_t size);

 private:
  // A checkpoint that a witness who is asked for has co-signed.
  struct Sight {
    evidence::VerifierKey witness;
    evidence::Seconds at;
    evidence::Digest root;
    bool is_held = false;  // the ledger begins with it
  };
  void take_item(const Json& item);
  [[nodiscard]] bool has_sight_of(const evidence::VerifierKey& witness) const;

  Remote& remote_;
  const AuditRequest& request_;
  AuditLines& lines_;
  std::multimap<std::int64_t, Sight> sights_;  // by size
  bool is_bad_ = false;
};

}  // namespace assay::cli
