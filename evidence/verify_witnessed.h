// What witnesses' co-signatures say of one manifest or act: that they saw the ledger with it,
// and at no other time a ledger that contradicts this one. Pure.
#pragma once

#include <vector>

#include "evidence/bundle.h"
#include "evidence/verify_logged.h"

namespace assay::evidence {

// Of one whose proof of logging was found in order: a line for each witness that is trusted,
// for each other that has co-signed, and for each proof that does not hold.
[[nodiscard]] std::vector<Verification> check_witnessed(const Logged& what, const Text& subject,
                                                        const Trust& trust);

}  // namespace assay::evidence
