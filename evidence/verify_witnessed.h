// What witnesses' co-signatures in a bundle say of one manifest: that they saw the ledger with it,
// and at no other time a ledger that contradicts this one. Pure.
#pragma once

#include <vector>

#include "evidence/bundle.h"

namespace assay::evidence {

// Of a manifest whose proof of logging was found in order: a line for each witness that is trusted,
// for each other that has co-signed, and for each proof that does not hold.
[[nodiscard]] std::vector<Verification> check_witnessed(const SignedManifest& source,
                                                        const Manifest& manifest,
                                                        const Text& subject, const Trust& trust);

}  // namespace assay::evidence
