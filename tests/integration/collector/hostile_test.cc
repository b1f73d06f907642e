// An agent that is broken or stolen: it floods, stalls, lies, comes back without end. Each ends in
// a clear error, and an honest agent beside it notices nothing.
#include <atomic>
#include <thread>

#include "evidence/compress.h"
#include "tests/integration/collector/collector_fixture.h"

namespace assay::collector {
namespace {

using grpc::StatusCode;

IngestOptions with_quotas(std::int64_t snapshots_per_minute, std::int64_t bytes_per_day) {
  IngestOptions options;
  options.quotas = {snapshots_per_minute, bytes_per_day};
  // Stands still: what comes in one test comes in one minute.
  const auto now = std::chrono::floor<std::chrono::seconds>(std::chrono::system_clock::now());
  options.now = [now] { return now; };
  return options;
}

class HostileTest : public CollectorTest {
 protected:
  explicit HostileTest(IngestOptions options = {}) : CollectorTest(0, std::move(options)) {}
  // Whatever was done: all that was acknowledged is there, as it was signed.
  void TearDown() override { expect_clean(); }
  // Offers `snapshot` and returns how the stream ended, or OK when it got a receipt.
  static StatusCode offered(Submission& stream, const TestSnapshot& snapshot) {
    stream.offer(snapshot);
    const auto answer = stream.answer();
    return answer && answer->has_receipt() ? StatusCode::OK : stream.finish().error_code();
  }
  void expect_honest_agent_unharmed() {
    for (const auto* user : {"a", "b"}) {
      const auto answer = honest_.submit(honest_.scan({user}));
      ASSERT_TRUE(answer && answer->has_receipt());
    }
  }

  TestAgent honest_ = enrolled();
  TestAgent hostile_ = enrolled();
};

class QuotaTest : public HostileTest {
 protected:
  QuotaTest() : HostileTest(with_quotas(5, 200'000)) {}
};

TEST_F(QuotaTest, AFloodOfSnapshotsIsStoppedWithAMessageAnEventAndATimeToComeAgain) {
  ASSERT_TRUE(hostile_.submit(hostile_.scan())->has_receipt());
  for (int i = 2; i <= 5; ++i) {
    Submission stream(hostile_.channel());
    ASSERT_EQ(offered(stream, hostile_.scan()), StatusCode::OK) << i;
  }
  for (int i = 0; i < 20; ++i) {
    Submission stream(hostile_.channel());
    stream.offer(hostile_.scan());
    EXPECT_FALSE(stream.answer());
    const auto status = stream.finish();
    EXPECT_EQ(status.error_code(), StatusCode::RESOURCE_EXHAUSTED);
    EXPECT_NE(status.error_message().find("5 snapshots a minute"), std::string::npos);
    ASSERT_TRUE(stream.retry_after());
    EXPECT_GE(*stream.retry_after(), 1);
    EXPECT_LE(*stream.retry_after(), 60);
  }
  EXPECT_EQ(events_of(Event::Kind::kQuota), 1) << "one event, not one for each";
  EXPECT_EQ(snapshots_of(hostile_.host_id()), 5);
  expect_honest_agent_unharmed();
}

TEST_F(QuotaTest, AFloodOfBytesIsStoppedBeforeTheyAreKept) {
  const auto snapshot = hostile_.scan();
  Submission stream(hostile_.channel());
  stream.offer(snapshot);
  ASSERT_TRUE(stream.answer()->has_wants());
  // The table is short: what it is filled up with counts as well.
  stream.part(snapshot.tables.begin()->first, std::string(300'000, 'x'), false);
  EXPECT_FALSE(stream.answer());
  const auto status = stream.finish();
  EXPECT_EQ(status.error_code(), StatusCode::RESOURCE_EXHAUSTED);
  EXPECT_NE(status.error_message().find("200000 bytes a day"), std::string::npos);
  EXPECT_EQ(events_of(Event::Kind::kQuota), 1);
  expect_honest_agent_unharmed();
}

TEST_F(HostileTest, ManyStreamsAtOnceOfOneHostAreTurnedAwayAndOthersAreNot) {
  std::vector<std::unique_ptr<Submission>> streams;
  int turned_away = 0;
  for (int i = 0; i < 100; ++i) {
    streams.push_back(std::make_unique<Submission>(hostile_.channel()));
    streams.back()->offer(TestSnapshot{});
    if (streams.back()->answer()) continue;
    EXPECT_EQ(streams.back()->finish().error_code(), StatusCode::RESOURCE_EXHAUSTED);
    EXPECT_TRUE(streams.back()->retry_after());
    ++turned_away;
  }
  EXPECT_EQ(turned_away, 100 - static_cast<int>(OpenStreams::kMaxPerHost));
  expect_honest_agent_unharmed();
}

TEST_F(HostileTest, AThousandReconnectsDoNotKeepOthersOut) {
  std::atomic<bool> is_over = false;
  std::atomic<int> connections = 0;
  std::thread storm([&] {
    for (; connections < 1000 && !is_over; ++connections) {
      Submission stream(hostile_.channel());
      stream.offer(TestSnapshot{});
      stream.cut();
    }
  });
  expect_honest_agent_unharmed();
  is_over = true;
  storm.join();
  EXPECT_GT(connections, 0);
  expect_honest_agent_unharmed();
}

TEST_F(HostileTest, AStalledUploadKeepsNobodyOut) {
  const auto snapshot = hostile_.scan({"large"});
  auto manifest = evidence::manifest_from_canonical(snapshot.manifest).value();
  manifest.tables[0].bytes = 64 << 20;  // it says
  const auto liar = hostile_.sign(manifest);
  std::vector<std::unique_ptr<Submission>> stalled;
  for (std::size_t i = 0; i < OpenStreams::kMaxPerHost; ++i) {
    stalled.push_back(std::make_unique<Submission>(hostile_.channel()));
    stalled.back()->offer(liar);
    const auto answer = stalled.back()->answer();
    if (!answer || !answer->has_wants()) continue;
    stalled.back()->part(snapshot.tables.begin()->first, "x", false);
  }
  // Their first parts have arrived when the memory is held.
  const auto held = [this] {
    for (const auto& figure : server().figures())
      if (figure.name == "assay_upload_memory_held_bytes") return figure.value;
    return -1.0;
  };
  for (int i = 0; i < 100 && held() == 0; ++i)
    std::this_thread::sleep_for(std::chrono::milliseconds(20));
  EXPECT_GT(held(), 0);
  EXPECT_LT(held(), 2 * (64 << 20)) << "one host holds no more than one table";
  expect_honest_agent_unharmed();
}

IngestOptions with_stall(std::chrono::milliseconds limit) {
  IngestOptions options;
  options.stall = limit;
  return options;
}

class StallTest : public HostileTest {
 protected:
  StallTest() : HostileTest(with_stall(std::chrono::milliseconds(300))) {}
};

TEST_F(StallTest, AnUploadThatStopsInTheMiddleEndsAndMayComeAgain) {
  const auto snapshot = hostile_.scan();
  {
    Submission stream(hostile_.channel());
    stream.offer(snapshot);
    ASSERT_TRUE(stream.answer()->has_wants());
    stream.part(snapshot.tables.begin()->first, "x", false);
    EXPECT_FALSE(stream.answer());
    EXPECT_EQ(stream.finish().error_code(), StatusCode::DEADLINE_EXCEEDED);
  }
  EXPECT_TRUE(hostile_.submit(snapshot)->has_receipt());
}

TEST_F(HostileTest, AnOfferOfTenThousandTablesIsRefused) {
  auto manifest = hostile_.scan().manifest;
  const auto begin = manifest.find("{\"name\"");
  const auto entry = manifest.substr(begin, manifest.rfind("]}") - begin);
  std::string many;
  for (int i = 0; i < 10'000; ++i) many += entry + ",";
  manifest.insert(begin, many);
  Submission stream(hostile_.channel());
  v1::SubmitRequest request;
  request.mutable_offer()->set_manifest(evidence::compress(manifest).value());
  request.mutable_offer()->set_signature("any");
  stream.write(request);
  const auto answer = stream.answer();
  ASSERT_TRUE(answer && answer->has_refusal());
  EXPECT_EQ(answer->refusal().reason(), v1::Refusal::REASON_MALFORMED);
  EXPECT_EQ(events_of(Event::Kind::kRefusal), 1);
  expect_honest_agent_unharmed();
}

TEST_F(HostileTest, AForgedSequenceNumberIsAnEventAndMovesNothingBack) {
  ASSERT_TRUE(hostile_.submit(hostile_.scan({"a"}))->has_receipt());
  hostile_.sequence = 999'999'999'998;
  ASSERT_TRUE(hostile_.submit(hostile_.scan({"b"}))->has_receipt());
  EXPECT_EQ(events_of(Event::Kind::kSequenceGap), 1);
  hostile_.sequence = 1;
  ASSERT_TRUE(hostile_.submit(hostile_.scan({"c"}))->has_receipt());
  EXPECT_EQ(events_of(Event::Kind::kChainBreak), 1);
  EXPECT_EQ(store().host(hostile_.host_id())->last_sequence, 999'999'999'999);
  hostile_.sequence = 0;
  hostile_.previous = std::nullopt;
  EXPECT_EQ(hostile_.submit(hostile_.scan({"d"}))->refusal().reason(), v1::Refusal::REASON_FORK);
  expect_honest_agent_unharmed();
}

TEST_F(HostileTest, AManifestOfAnotherHostHarmsNeitherOfThem) {
  auto manifest = evidence::manifest_from_canonical(hostile_.scan().manifest).value();
  manifest.host_id = honest_.host_id();
  EXPECT_EQ(hostile_.submit(hostile_.sign(manifest))->refusal().reason(),
            v1::Refusal::REASON_FOREIGN_HOST);
  expect_honest_agent_unharmed();
  EXPECT_EQ(store().host(honest_.host_id())->last_sequence, 2);
  EXPECT_EQ(snapshots_of(hostile_.host_id()), 0);
}

TEST_F(HostileTest, ManyAgentsAtOnceShareTheirSyncsAndLoseNothing) {
  constexpr int kAgents = 8;
  constexpr int kEach = 25;
  std::vector<TestAgent> agents;
  for (int i = 0; i < kAgents; ++i) agents.push_back(enrolled());
  std::vector<std::thread> threads;
  std::atomic<int> receipts = 0;
  for (auto& agent : agents) {
    threads.emplace_back([&receipts, &agent] {
      Submission stream(agent.channel());
      for (int i = 0; i < kEach; ++i) {
        const auto snapshot = agent.scan();
        stream.offer(snapshot);
        auto answer = stream.answer();
        if (answer && answer->has_wants()) {
          stream.table(snapshot.tables.begin()->second);
          answer = stream.answer();
        }
        if (answer && answer->has_receipt()) ++receipts;
      }
    });
  }
  for (auto& thread : threads) thread.join();
  EXPECT_EQ(receipts, kAgents * kEach);
  for (const auto& agent : agents) EXPECT_EQ(store().host(agent.host_id())->last_sequence, kEach);
  EXPECT_EQ(events_of(Event::Kind::kSequenceGap) + events_of(Event::Kind::kChainBreak), 0);
  for (const auto& figure : server().figures()) {
    if (figure.name == "assay_snapshots_accepted_total") {
      EXPECT_EQ(figure.value, kAgents * kEach);
    }
  }
}

}  // namespace
}  // namespace assay::collector
