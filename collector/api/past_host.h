// A host, and what was found on it, as it was at an earlier moment, from what was accepted until
// then.
#pragma once

#include <optional>

#include "collector/api/present.h"
#include "collector/api/service.h"

namespace assay::collector::api {

struct PastHost {
  Host host;
  std::optional<evidence::Seconds> scanned_at;  // as scanned_at() tells
  std::optional<Snapshot> snapshot;             // the latest of then
};

// nullopt when it was not enrolled yet. It was last seen when its snapshot was accepted: calls
// without one are not kept. Where the evidence of that time was removed, its name is the present
// one and its system is not known.
enum class PastHostParts { kAll, kWithoutSystem };  // what it runs takes reading a table
[[nodiscard]] Result<std::optional<PastHost>> host_at(const Service& service, Host host,
                                                      evidence::Seconds when,
                                                      PastHostParts parts = PastHostParts::kAll);

// When the scan ended that it was judged by then; nullopt before the first.
[[nodiscard]] Result<std::optional<evidence::Seconds>> scanned_at(const Service& service,
                                                                  const Host& host,
                                                                  evidence::Seconds when);

// Of a finding as of then: what has happened since, or is not kept of then, is none of the answer.
void leave_what_was_known(Json* finding);

}  // namespace assay::collector::api
