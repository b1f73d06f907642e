// Whether a collector's answer proves what it must (ledger.proto). Pure; the answer is hostile
// input.
#pragma once

#include <string>
#include <vector>

#include "agent/spool/ledger_memory.h"
#include "assay/v1/ledger.pb.h"
#include "evidence/digest.h"
#include "evidence/result.h"

namespace assay::agent {

// Takes over what is proven: key and checkpoint, and unproven snapshots that are so no more. On an Error
// `*memory` is as it was; its message is the alarm. `ca` is the fingerprint of the CA that this
// machine trusts its collector by.
[[nodiscard]] Status check_ledger_answer(const v1::ProveResponse& answer, const evidence::Digest& ca,
                                         evidence::Seconds now, LedgerMemory* memory);

}  // namespace assay::agent
