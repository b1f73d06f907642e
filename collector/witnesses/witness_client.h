// Has one witness co-sign one checkpoint of the ledger (C2SP tlog-witness, add-checkpoint). The
// witness is a stranger: what it answers is bounded, and believed as far as its key has signed it.
#pragma once

#include <functional>
#include <stop_token>
#include <string>

#include "collector/http/http_post.h"
#include "collector/store/ledger_store.h"
#include "evidence/ledger/note.h"
#include "evidence/result.h"

namespace assay::collector {

struct Witness {
  evidence::VerifierKey key;  // of kind kWitness
  HttpUrl url;                // what add-checkpoint stands behind: its submission prefix
};

// Posts the body to the witness's add-checkpoint. Fails as http_post() does.
using AskWitness = std::function<Result<HttpAnswer>(const Witness& witness, const std::string& body,
                                                    const std::stop_token& stop)>;
[[nodiscard]] Result<HttpAnswer> ask_witness(const Witness& witness, const std::string& body,
                                             const std::stop_token& stop);

struct CosignatureRequest {
  const Witness& witness;
  const evidence::VerifierKey& ledger;
  StoredCheckpoint checkpoint;  // signed by the ledger
  std::int64_t seen = 0;        // of the ledger by the witness, as far as it is known
};

// The co-signature, checked by the witness's key; over a later checkpoint than was asked for when
// the witness knows that one already. kConflict when the witness says that it has seen more of the
// ledger than there is, or another one: an alarm. kRefused for any other status; what ask() fails
// with; kUnauthenticated and kInvalidData for what is no answer.
[[nodiscard]] Result<StoredCosignature> request_cosignature(LedgerStore& store,
                                                            const CosignatureRequest& request,
                                                            const AskWitness& ask,
                                                            const std::stop_token& stop = {});

}  // namespace assay::collector
