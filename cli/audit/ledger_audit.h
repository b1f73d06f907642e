// A collector's ledger, checked from outside: nothing that the collector says is believed but what
// the ledger's public key vouches for.
//
// Every entry is read and the tree over all of them built anew, in a memory that does not grow with
// it: its root must be the one that was signed, its tiles those that the collector shows, and its
// beginning what an earlier checkpoint says. Of the snapshots some, or all, are read as bundles; of
// the acts of people each text is held against its entry. What was not looked at is said.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "cli/client/remote.h"
#include "evidence/bundle.h"
#include "evidence/ledger/note.h"
#include "evidence/result.h"

namespace assay::cli {

// Of the snapshots, so many are chosen at random unless all are wanted.
inline constexpr std::size_t kSampledSnapshots = 20;

struct AuditRequest {
  evidence::VerifierKey key;
  std::vector<evidence::VerifierKey> witnesses;
  std::string since;              // a checkpoint that was kept; empty: none
  std::string host_id;            // snapshots of this host alone; empty: of every host
  std::string ca_pem;             // empty: the one that the key's name tells
  std::string stamp_authorities;  // PEM; empty: time stamps of bundles are not checked
  bool wants_all = false;
  evidence::Seconds now;
};

struct AuditAnswer {
  evidence::VerificationReport report;
  std::string checkpoint;  // the note that the collector showed, and the key has signed
  std::int64_t entries = 0;
  std::int64_t snapshots = 0;  // those that were asked about
  std::int64_t looked_at = 0;  // of them
  std::int64_t acts = 0;       // that are in the ledger
  std::int64_t acts_compared = 0;
  // Nothing was left out.
  [[nodiscard]] bool is_complete() const;
};

// Fails as the connection does, with kNotFound while nothing is logged, and with kInvalidData or
// kUnauthenticated for a kept checkpoint that is none of this ledger.
[[nodiscard]] Result<AuditAnswer> audit_ledger(Remote& remote, const AuditRequest& request);

}  // namespace assay::cli
