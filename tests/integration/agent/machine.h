// A machine with a courier, and the collector that it belongs to.
#pragma once

#include "agent/courier/courier.h"
#include "agent/courier/enroll.h"
#include "agent/spool/spool.h"
#include "evidence/canonical.h"
#include "evidence/compress.h"
#include "evidence/limits.h"
#include "evidence/schema.h"
#include "tests/integration/collector/collector_fixture.h"
#include "tests/unit/agent/scratch_folder.h"

namespace assay::agent {

inline constexpr std::size_t kMaxTokenText = 512;

class MachineTest : public collector::CollectorTest {
 protected:
  MachineTest() : state_(scratch_.root() + "/state") { EXPECT_TRUE(state_.prepare()); }

  [[nodiscard]] std::string address() { return "127.0.0.1:" + std::to_string(server().port()); }
  void enroll_machine() {
    const auto identity = enroll(state_, address(), enrollment_token_from(token()).value());
    ASSERT_TRUE(identity) << identity.error().message();
    host_id_ = identity->host_id;
  }
  // A scan that finds `users`, signed and spooled; `damage` is done to the signature.
  void scan(Spool& spool, std::int64_t users, std::string_view damage = "") {
    evidence::Table table(*evidence::find_table("users"));
    for (std::int64_t i = 0; i < users; ++i)
      table.add({{"uid", i}, {"username", "user" + std::to_string(i)}});
    spool_tables(spool, {std::move(table)}, "2026-11-21T01:02:03Z", damage);
  }
  // A scan at `time` that finds `count` tables of one row each.
  void scan_many(Spool& spool, int count, const std::string& time) {
    std::vector<evidence::Table> tables;
    for (int i = 0; i < count; ++i) {
      tables.emplace_back(evidence::Header{
          "table_" + std::to_string(100 + i), 1, {{"n", evidence::Type::kInteger}}});
      tables.back().add_row({std::int64_t{i} * 7919});
    }
    spool_tables(spool, tables, time);
  }
  void spool_tables(Spool& spool, const std::vector<evidence::Table>& tables,
                    const std::string& time, std::string_view damage = "") {
    const auto identity = load_identity(state_).value();
    const auto end = spool.chain_end(identity.host_id);
    evidence::Manifest manifest;
    manifest.host_id = identity.host_id;
    manifest.host_name = "web-1";
    manifest.agent_version = "0.1.0";
    manifest.profile = "server";
    manifest.sequence = end.next_sequence;
    manifest.previous = end.previous;
    manifest.started = manifest.ended = time;
    std::vector<std::pair<evidence::Digest, std::string>> frames;
    for (const auto& table : tables) {
      const auto bytes = evidence::to_canonical(table).value();
      frames.emplace_back(evidence::sha256(bytes), evidence::compress(bytes).value());
      manifest.tables.push_back({table.header().table, evidence::TableStatus::kOk, "",
                                 frames.back().first, std::ssize(table.rows()), std::ssize(bytes),
                                 1});
    }
    const auto text = evidence::to_canonical(manifest).value();
    const auto signature = evidence::sign(identity.key, text + std::string(damage)).value();
    const auto done = spool.add({text, signature, {frames.begin(), frames.end()}});
    ASSERT_TRUE(done) << done.error().message();
  }
  [[nodiscard]] CourierOptions options() const {
    CourierOptions out{.state = state_};
    return out;
  }
  [[nodiscard]] std::string status() const {
    return read_state_file(state_.courier_status(), 1 << 16).value_or("");
  }
  [[nodiscard]] bool status_says(const std::string& words) const {
    return status().find(words) != std::string::npos;
  }

  ScratchFolder scratch_;
  StateFolder state_;
  std::string host_id_;
};

}  // namespace assay::agent
