// A collector in this process, on a port of its own, with an empty store.
#pragma once

#include <gtest/gtest.h>

#include <filesystem>
#include <memory>
#include <string>

#include "collector/identity/authority.h"
#include "collector/ingest/ingest_server.h"
#include "collector/ledger/ledger_key.h"
#include "collector/store/store.h"
#include "tests/integration/collector/test_agent.h"

namespace assay::collector {

class CollectorTest : public testing::Test {
 protected:
  // `max_pages`: of the store, as if the disk had no more; 0: as many as there are.
  explicit CollectorTest(std::int64_t max_pages = 0, IngestOptions options = {});
  ~CollectorTest() override;

  // A token's text; a negative lifetime makes one that has ended.
  std::string token(std::chrono::seconds lifetime = std::chrono::hours(1));
  // Connected, without a certificate.
  TestAgent stranger();
  TestAgent enrolled();
  Store& store() { return *store_; }
  IngestServer& server() { return *server_; }
  const Authority& authority() { return *authority_; }
  std::int64_t events_of(Event::Kind kind);
  std::int64_t snapshots_of(const std::string& host_id);
  std::int64_t accepted() const { return accepted_; }
  // Brings what was accepted into the ledger, at most `batch` entries; nothing does it by itself.
  void log(std::size_t batch = 1024);
  // Logs what waits, then reads all that the store keeps again.
  void expect_clean();
  const LedgerKey& ledger_key() { return *ledger_key_; }
  // As an administrator with a database client would.
  void execute(const std::string& sql);

 private:
  std::filesystem::path folder_;
  std::unique_ptr<Authority> authority_;
  std::unique_ptr<LedgerKey> ledger_key_;
  std::unique_ptr<Store> store_;
  std::atomic<std::int64_t> accepted_ = 0;
  std::unique_ptr<IngestServer> server_;
};

}  // namespace assay::collector
