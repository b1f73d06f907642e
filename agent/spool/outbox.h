// The courier's side of the spool: reads what waits, and writes only verdicts.
//
// A snapshot waits as long as it lies in spool/ and has no verdict. The agent's process carries
// verdicts out (Spool::settle); after that they are pruned here. Used by one thread at a time.
#pragma once

#include <set>
#include <string>
#include <vector>

#include "agent/spool/snapshot_name.h"
#include "agent/spool/verdict.h"
#include "agent/state/disk.h"
#include "agent/state/state_folder.h"

namespace assay::agent {

struct WaitingSnapshot {
  std::string manifest;   // canonical bytes, with the digest of its name
  std::string signature;  // DER; empty when it was made before the machine was enrolled
};

class Outbox {
 public:
  explicit Outbox(const StateFolder& state) : state_(state) {}

  // Oldest first. What is answered is on the disk for good: the folder is synced before.
  [[nodiscard]] Result<std::vector<SnapshotName>> waiting() const;
  // kInvalidData, kNotFound: damaged; a verdict about it is right.
  [[nodiscard]] Result<WaitingSnapshot> load(const SnapshotName& name) const;
  // A table's zstd frame. kNotFound when it is gone, kTooLarge over what a frame may have.
  [[nodiscard]] Result<std::string> frame(const evidence::Digest& digest) const;

  // The newest manifest of `host_id` that the collector has a receipt for, among those that are
  // still here. Empty when there is none, or none that can be read.
  [[nodiscard]] std::string last_accepted(std::string_view host_id) const;

  // After it has returned the answer is never asked for again.
  [[nodiscard]] Status record(const SnapshotName& name, const Verdict& verdict);
  // Forgets the verdicts that were carried out.
  [[nodiscard]] Status prune();

  // For the Beat: waiting, and set aside (carried out or not).
  struct Counts {
    std::int64_t spooled = 0;
    std::int64_t set_aside = 0;
  };
  [[nodiscard]] Counts counts() const;

 private:
  [[nodiscard]] Result<std::string> manifest_in(const std::string& folder,
                                                const SnapshotName& name) const;
  [[nodiscard]] std::string verdict_path(const SnapshotName& name) const;
  [[nodiscard]] Result<std::set<SnapshotName>> names_in(const std::string& folder) const;
  [[nodiscard]] std::optional<Verdict> verdict_of(const SnapshotName& name) const;

  StateFolder state_;
  Disk disk_;
};

}  // namespace assay::agent
