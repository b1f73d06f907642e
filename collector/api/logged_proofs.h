// The proofs that a manifest or an act is in the ledger, as bundles and packs carry them.
#pragma once

#include <map>
#include <string>

#include "collector/api/service.h"
#include "evidence/bundle.h"

namespace assay::collector::api {

// Fills in `logged` and `witnessed` of `source`: by the first checkpoint with the entry in it that
// was time-stamped, which says most, and then the stamp goes into `*stamps`; else by the latest
// one. Nothing while it is not in the ledger.
[[nodiscard]] Status add_proofs(const Service& service, const evidence::Digest& digest,
                                evidence::SignedManifest* source,
                                std::map<evidence::Digest, std::string>* stamps);

}  // namespace assay::collector::api
