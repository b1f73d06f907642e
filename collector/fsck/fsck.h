// Whether everything that the collector keeps is still what it was: every digest, signature, chain
// and ledger entry is read and computed again. Changes nothing, and may run while a collector
// serves.
//
// What is checked proves itself: certificates by the CA, tables and manifests by their digests,
// manifests by their hosts' signatures and chain, and that all of it was accepted when the store
// says so by the ledger, whose tree is built anew from its entries and held against every tile and
// checkpoint, its time stamps and co-signatures. What was judged and what it was told by proves
// itself as far as it is kept under its digest (sets of verdicts and findings, catalogues) or
// sealed (results); what is in force of it is judged once more from the evidence. Of what is over
// (verdicts that have ended, when one began) only the database's own structure is looked at.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <string>

#include "checks/engine/content.h"
#include "collector/store/store.h"
#include "evidence/ledger/note.h"
#include "evidence/result.h"
#include "evidence/text.h"

namespace assay::collector {

struct FsckOptions {
  std::string ca_pem;
  evidence::VerifierKey ledger;
  // Called for each thing that is damaged: what it is, and how one knows.
  std::function<void(const Text& subject, const Text& detail)> on_damage;
  // The authorities that time stamps must be of, PEM. Empty: who signed them is not looked at.
  std::string stamp_authorities = {};
  // The content of the files, by which hosts are judged once more; nullptr: they are not.
  std::shared_ptr<const checks::Content> content = {};
};

struct FsckCounts {
  std::int64_t hosts = 0;
  std::int64_t certificates = 0;
  std::int64_t tables = 0;
  std::int64_t snapshots = 0;
  std::int64_t removed = 0;  // of these, when their time was over
  std::int64_t files = 0;
  std::int64_t reports = 0;           // of weeks
  std::int64_t acts = 0;              // of people
  std::int64_t results = 0;           // of checks
  std::int64_t judged_again = 0;      // hosts of which it was done; …
  std::int64_t not_judged_again = 0;  // … and not: never judged yet, or by other content
  std::int64_t entries = 0;           // of the ledger
  std::int64_t tiles = 0;
  std::int64_t checkpoints = 0;
  std::int64_t time_stamps = 0;
  std::int64_t cosignatures = 0;
  std::int64_t unknown_signers = 0;  // of time stamps: nobody vouched for their authority
  std::int64_t damaged = 0;
};

// An Error only when the store cannot be read on, with what was found before told already.
[[nodiscard]] Result<FsckCounts> fsck(Store& store, const FsckOptions& options);

}  // namespace assay::collector
