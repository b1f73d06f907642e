// The verbs of the spool's tests: scan, send, hear.
#pragma once

#include <gtest/gtest.h>

#include "agent/spool/outbox.h"
#include "agent/spool/spool.h"
#include "evidence/compress.h"
#include "tests/unit/agent/scratch_folder.h"

namespace assay::agent {

struct Scanned {
  std::string manifest;
  std::vector<std::pair<evidence::Digest, std::string>> frames;
};

inline evidence::Seconds some_day() {
  return evidence::from_date("2026-11-21").value();
}

// What a scan of `host` would hand over when `users` stands in its one table.
inline Scanned scanned(const ChainEnd& end, const std::string& users,
                       const std::string& host = "host-1") {
  const std::string table = "table " + users;
  const auto digest = evidence::sha256(table);
  evidence::Manifest manifest;
  manifest.host_id = host;
  manifest.host_name = "web-1";
  manifest.agent_version = "0.1.0";
  manifest.profile = "server";
  manifest.sequence = end.next_sequence;
  manifest.previous = end.previous;
  manifest.started = manifest.ended = "2026-11-21T01:02:03Z";
  manifest.tables = {{"users", evidence::TableStatus::kOk, "", digest, 1,
                      static_cast<std::int64_t>(table.size()), 1}};
  return {evidence::to_canonical(manifest).value(), {{digest, evidence::compress(table).value()}}};
}

inline Status hand_over(Spool& spool, const Scanned& scan) {
  CollectedSnapshot snapshot{scan.manifest, "signature", {}};
  for (const auto& [digest, frame] : scan.frames) snapshot.frames.emplace_back(digest, frame);
  return spool.add(snapshot);
}

class SpoolStory : public testing::Test {
 protected:
  SpoolStory() : state_(scratch_.root() + "/state") {}

  [[nodiscard]] Spool open(SpoolOptions options = {}, Disk disk = {}) const {
    auto spool = Spool::open(state_, options, std::move(disk));
    EXPECT_TRUE(spool) << spool.error().message();
    return std::move(*spool);
  }
  // One scan into the spool; its name there.
  static SnapshotName scan(Spool& spool, const std::string& users,
                           const std::string& host = "host-1") {
    const auto one = scanned(spool.chain_end(host), users, host);
    const auto done = hand_over(spool, one);
    EXPECT_TRUE(done) << done.error().message();
    return {spool.chain_end(host).next_sequence - 1, evidence::sha256(one.manifest)};
  }
  void receive(const SnapshotName& name) const {
    EXPECT_TRUE(Outbox(state_).record(name, {true, some_day(), "", ""}));
  }
  void refuse(const SnapshotName& name) const {
    EXPECT_TRUE(Outbox(state_).record(name, {false, some_day(), "fork", "number 1 is taken"}));
  }
  [[nodiscard]] std::vector<SnapshotName> waiting() const {
    return Outbox(state_).waiting().value();
  }
  [[nodiscard]] std::size_t tables() const { return list_state_folder(state_.tables())->size(); }

  ScratchFolder scratch_;
  StateFolder state_;
};

}  // namespace assay::agent
