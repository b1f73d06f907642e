// Clocks that are wrong: a machine's is told of and its evidence taken, the collector's own takes
// nothing from before its agents' certificates.
#include "evidence/clock.h"

#include <algorithm>
#include <atomic>
#include <thread>

#include "tests/integration/collector/collector_fixture.h"

namespace assay::collector {
namespace {

constexpr std::int64_t kYear = 365 * 86'400;

class ClockTest : public CollectorTest {
 protected:
  ClockTest() : ClockTest(std::make_shared<std::atomic<std::int64_t>>(0)) {}
  void TearDown() override { expect_clean(); }
  void set_collectors_clock(std::int64_t ahead) { *ahead_ = ahead; }
  // Of its machine's clock, each told of once.
  std::vector<std::string> told(const TestAgent& agent) {
    std::vector<std::string> details;
    const auto page = store().events(agent.host_id(), {"", kMaxPage}).value();
    for (const auto& event : page.items)
      if (event.kind == Event::Kind::kClock) details.push_back(event.detail);
    std::ranges::sort(details);
    return details;
  }

 private:
  explicit ClockTest(const std::shared_ptr<std::atomic<std::int64_t>>& ahead)
      : CollectorTest(0, with_clock(ahead)), ahead_(ahead) {}
  static IngestOptions with_clock(const std::shared_ptr<std::atomic<std::int64_t>>& ahead) {
    IngestOptions options;
    options.now = [ahead] { return evidence::system_now() + std::chrono::seconds(*ahead); };
    return options;
  }

  std::shared_ptr<std::atomic<std::int64_t>> ahead_;
};

TEST_F(ClockTest, EvidenceOfAMachineWhoseClockIsWrongIsTakenAndToldOf) {
  auto agent = enrolled();
  for (const auto ahead :
       {std::int64_t{0}, -kYear, kYear, std::int64_t{60}, std::int64_t{3 * 86'400}}) {
    agent.clock_ahead = ahead;
    const auto answer = agent.submit(agent.scan({std::to_string(ahead)}));
    ASSERT_TRUE(answer && answer->has_receipt()) << ahead;
  }
  EXPECT_EQ(told(agent),
            (std::vector<std::string>{"when it scanned, its clock was 3 d ahead",
                                      "when it scanned, its clock was 365 d ahead",
                                      "when it scanned, its clock was at least 365 d behind"}));
}

TEST_F(ClockTest, WhatWaitedInASpoolSaysNothingOfItsClock) {
  auto agent = enrolled();
  const auto spooled = agent.scan();
  set_collectors_clock(20 * 86'400);
  ASSERT_TRUE(agent.submit(spooled)->has_receipt());
  EXPECT_EQ(told(agent), std::vector<std::string>());
}

TEST_F(ClockTest, AnAttendingMachineIsToldOfOnceForEachDifference) {
  auto agent = enrolled();
  grpc::ClientContext context;
  context.set_deadline(std::chrono::system_clock::now() + std::chrono::seconds(20));
  const auto stub = v1::Attendance::NewStub(agent.channel());
  const auto stream = stub->Attend(&context);
  const auto beat = [&](std::int64_t ahead) {
    v1::Beat message;
    message.set_clock(evidence::system_now().time_since_epoch().count() + ahead);
    EXPECT_TRUE(stream->Write(message));
  };
  const auto wait_for = [&](std::size_t events) {
    for (int i = 0; i < 100 && told(agent).size() < events; ++i)
      std::this_thread::sleep_for(std::chrono::milliseconds(50));
  };
  beat(0);
  beat(-30);
  v1::Instruction instruction;
  ASSERT_TRUE(stream->Read(&instruction));
  for (int i = 0; i < 5; ++i) beat(-3 * 3600);
  wait_for(1);
  beat(2 * kYear);
  wait_for(2);
  EXPECT_EQ(told(agent),
            (std::vector<std::string>{"its clock is 3 h behind", "its clock is 730 d ahead"}));
  EXPECT_EQ(events_of(Event::Kind::kClock), 2) << "not one for each beat";
  context.TryCancel();
}

TEST_F(ClockTest, ACollectorThatWasSetBackTakesNothingEvenOnAnOpenStream) {
  auto agent = enrolled();
  ASSERT_TRUE(agent.submit(agent.scan())->has_receipt());
  Submission stream(agent.channel());
  stream.offer(agent.scan());
  ASSERT_TRUE(stream.answer()->has_receipt());
  set_collectors_clock(-kYear);
  const auto waiting = agent.scan();
  stream.offer(waiting);
  EXPECT_FALSE(stream.answer());
  EXPECT_EQ(stream.finish().error_code(), grpc::StatusCode::UNAVAILABLE);
  EXPECT_EQ(snapshots_of(agent.host_id()), 2);
  set_collectors_clock(0);
  ASSERT_TRUE(agent.submit(waiting)->has_receipt());
  const auto snapshots = store().snapshots(agent.host_id(), {"", kMaxPage})->items;
  for (const auto& snapshot : snapshots)
    EXPECT_LT(evidence::system_now() - snapshot.accepted_at, std::chrono::minutes(5));
}

}  // namespace
}  // namespace assay::collector
