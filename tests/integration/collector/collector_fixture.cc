#include "tests/integration/collector/collector_fixture.h"

#include <cstdlib>

#include "collector/fsck/fsck.h"
#include "collector/identity/token.h"
#include "collector/ledger/sequencer.h"
#include "collector/store/sqlite/sqlite_store.h"

namespace assay::collector {
namespace {

evidence::Seconds now() {
  return std::chrono::floor<std::chrono::seconds>(std::chrono::system_clock::now());
}

}  // namespace

CollectorTest::CollectorTest(std::int64_t max_pages, IngestOptions options) {
  auto pattern = (std::filesystem::temp_directory_path() / "assay-collector-XXXXXX").string();
  folder_ = ::mkdtemp(pattern.data());
  authority_ = std::make_unique<Authority>(
      Authority::create((folder_ / "identity").string(), {"localhost", "127.0.0.1"}, now())
          .value());
  store_ = sqlite::SqliteStore::open({(folder_ / "store.db").string(), 2, max_pages}).value();
  ledger_key_ = std::make_unique<LedgerKey>(
      LedgerKey::open_or_create((folder_ / "identity").string(), authority_->fingerprint())
          .value());
  options.ledger = ledger_key_->verifier();
  options.listen = "127.0.0.1:0";
  options.on_accepted = [this](const std::string&) { ++accepted_; };
  server_ = IngestServer::start(*store_, *authority_, std::move(options)).value();
}

CollectorTest::~CollectorTest() {
  server_.reset();
  store_.reset();
  std::filesystem::remove_all(folder_);
}

std::string CollectorTest::token(std::chrono::seconds lifetime) {
  auto made = new_enrollment_token(authority_->fingerprint(), now(), std::chrono::hours(1)).value();
  made.record.expires = now() + lifetime;
  EXPECT_TRUE(store_->add_token(made.record));
  return made.text;
}

TestAgent CollectorTest::stranger() {
  return {server_->port(), authority_->ca_certificate()};
}

TestAgent CollectorTest::enrolled() {
  auto agent = stranger();
  const auto status = agent.enroll(token());
  EXPECT_TRUE(status.ok()) << status.error_message();
  return agent;
}

void CollectorTest::log(std::size_t batch) {
  SequencerOptions options;
  options.batch = batch;
  const auto done = sequence_once(*store_, *ledger_key_, options);
  EXPECT_TRUE(done) << done.error().message();
}

void CollectorTest::expect_clean() {
  log();
  std::string damaged;
  const auto read =
      fsck(*store_, {authority_->ca_certificate(), ledger_key_->verifier(),
                     [&damaged](const Text& what, const Text& why) {
                       damaged.append(what.en).append(": ").append(why.en).append("\n");
                     }});
  ASSERT_TRUE(read) << read.error().message();
  EXPECT_EQ(damaged, "");
  EXPECT_EQ(read->entries, read->snapshots + read->acts);
  EXPECT_EQ(read->snapshots, accepted_) << "each that was acknowledged, once";
}

void CollectorTest::execute(const std::string& sql) {
  auto connection =
      sqlite::Connection::open((folder_ / "store.db").string(), sqlite::Access::kReadWrite);
  ASSERT_TRUE(connection);
  const auto done = (*connection)->execute(sql);
  EXPECT_TRUE(done) << done.error().message();
}

std::int64_t CollectorTest::events_of(Event::Kind kind) {
  std::int64_t count = 0;
  const auto page = store_->events("", {"", kMaxPage}).value();
  for (const auto& event : page.items) count += event.kind == kind ? event.count : 0;
  return count;
}

std::int64_t CollectorTest::snapshots_of(const std::string& host_id) {
  return static_cast<std::int64_t>(store_->snapshots(host_id, {"", kMaxPage})->items.size());
}

}  // namespace assay::collector
