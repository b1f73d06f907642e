// What a proof of logging says of one manifest or act. Pure.
#pragma once

#include <vector>

#include "evidence/bundle.h"
#include "evidence/ledger/tlog_proof.h"

namespace assay::evidence {

// What is to be in the ledger, and what came along to show it. All of it outlives this.
struct Logged {
  LedgerEntry entry;  // of a manifest, `accepted` is for the proof to say
  const std::string& proof;
  const std::vector<std::string>& witnessed;
};
[[nodiscard]] Logged logged_of(const SignedManifest& source, const Manifest& manifest);

// A proof that is about it, and leads to the root that its checkpoint states. Whether
// anybody signed that checkpoint is not looked at.
struct LoggedProof {
  TlogProof proof;
  LedgerEntry entry;
  Checkpoint checkpoint;
};
// kInvalidData.
[[nodiscard]] Result<LoggedProof> logged_proof_of(std::string_view text,
                                                  const LedgerEntry& expected);

// One line for the report, or none where there is nothing to say: no proof, and none was asked for.
[[nodiscard]] std::optional<Verification> check_logged(const Logged& what, Text subject,
                                                       const Trust& trust);

// When the ledger that `trust` names says that the manifest was accepted; nullopt unless it is
// proven by that ledger's own checkpoint.
[[nodiscard]] std::optional<Seconds> proven_acceptance(const SignedManifest& source,
                                                       const Manifest& manifest,
                                                       const Trust& trust);

}  // namespace assay::evidence
