// What a collector that runs remembers of its ledger: the store may go back behind what was signed,
// as by a failover to a standby that was behind, or by a back-up that is put in its place.
//
// Used by one thread at a time.
#pragma once

#include <optional>
#include <string>

#include "collector/store/ledger_store.h"
#include "evidence/ledger/merkle.h"
#include "evidence/result.h"

namespace assay::collector {

class LedgerMemory {
 public:
  // Compares the stored ledger with what was seen of it before, and remembers it as it is now. A
  // sentence for an administrator, told once, when it does not go on from there.
  [[nodiscard]] Result<std::optional<std::string>> look(LedgerStore& store);

 private:
  std::optional<evidence::TreeHead> seen_;
};

}  // namespace assay::collector
