// From a scan to evidence: the manifest under the machine's identity, signed, in the chain.
#pragma once

#include <optional>
#include <string>

#include "agent/identity/identity.h"
#include "agent/scan/scan.h"
#include "agent/settings/settings.h"
#include "agent/spool/spool.h"
#include "evidence/bundle.h"

namespace assay::agent {

struct SnapshotContext {
  const Settings* settings = nullptr;
  std::string host_name;
  const Identity* identity = nullptr;  // absent: not enrolled, the manifest is not signed
};

// The manifest of `scan` as number `end.next_sequence` of the machine's chain.
[[nodiscard]] Result<evidence::SignedManifest> make_manifest(const Scan& scan,
                                                             const SnapshotContext& context,
                                                             const ChainEnd& end);

// The same, and into the spool: when it returns, the snapshot survives a crash.
[[nodiscard]] Result<evidence::SignedManifest> spool_snapshot(const Scan& scan,
                                                              const SnapshotContext& context,
                                                              Spool* spool);

}  // namespace assay::agent
