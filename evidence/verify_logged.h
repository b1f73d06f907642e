// What the proof of logging in a bundle says of one manifest. Pure.
#pragma once

#include <vector>

#include "evidence/bundle.h"
#include "evidence/ledger/tlog_proof.h"

namespace assay::evidence {

// A proof that is about the manifest, and leads to the root that its checkpoint states. Whether
// anybody signed that checkpoint is not looked at.
struct LoggedProof {
  TlogProof proof;
  LedgerEntry entry;
  Checkpoint checkpoint;
};
// kInvalidData.
[[nodiscard]] Result<LoggedProof> logged_proof_of(std::string_view text,
                                                  const SignedManifest& source,
                                                  const Manifest& manifest);

// One line for the report, or none where there is nothing to say: no proof, and none was asked for.
[[nodiscard]] std::optional<Verification> check_logged(const SignedManifest& source,
                                                       const Manifest& manifest, Text subject,
                                                       const Trust& trust);

// When the ledger that `trust` names says that the manifest was accepted; nullopt unless it is
// proven by that ledger's own checkpoint.
[[nodiscard]] std::optional<Seconds> proven_acceptance(const SignedManifest& source,
                                                       const Manifest& manifest,
                                                       const Trust& trust);

}  // namespace assay::evidence
