#include <thread>

#include "tests/integration/collector/collector_fixture.h"

namespace assay::collector {
namespace {

class AttendanceTest : public CollectorTest {
 protected:
  void attend(const std::string& configuration_digest = {}) {
    stub_ = v1::Attendance::NewStub(agent_.channel());
    context_.set_deadline(std::chrono::system_clock::now() + std::chrono::seconds(20));
    stream_ = stub_->Attend(&context_);
    v1::Beat beat;
    beat.set_agent_version("0.1.0");
    beat.set_configuration_digest(configuration_digest);
    beat.set_spooled(3);
    stream_->Write(beat);
  }
  std::optional<v1::Instruction> instruction() {
    v1::Instruction instruction;
    return stream_->Read(&instruction) ? std::optional(instruction) : std::nullopt;
  }

  // The client hears of the end a moment before the collector has cleared the table.
  bool has_left() {
    for (int i = 0; i < 500; ++i) {
      if (!server().attendance().attendant(agent_.host_id())) return true;
      std::this_thread::sleep_for(std::chrono::milliseconds(10));
    }
    return false;
  }

  TestAgent agent_ = enrolled();
  grpc::ClientContext context_;
  std::unique_ptr<v1::Attendance::Stub> stub_;
  std::unique_ptr<grpc::ClientReaderWriter<v1::Beat, v1::Instruction>> stream_;
};

TEST_F(AttendanceTest, TheFirstBeatIsAnsweredWithTheConfiguration) {
  attend();
  const auto first = instruction();
  ASSERT_TRUE(first && first->has_configuration());
  EXPECT_EQ(first->configuration().scan_interval_seconds(), 3600);
  EXPECT_EQ(server().attendance().attendant(agent_.host_id())->spooled, 3);
}

TEST_F(AttendanceTest, AnAgentIsAskedToScan) {
  attend();
  ASSERT_TRUE(instruction());
  ASSERT_TRUE(server().attendance().scan_now(agent_.host_id()));
  EXPECT_TRUE(instruction()->has_scan_now());
  EXPECT_FALSE(server().attendance().scan_now("nobody"));
}

TEST_F(AttendanceTest, ARevokedHostsOpenStreamEndsAtOnce) {
  attend();
  ASSERT_TRUE(instruction());
  const auto now = std::chrono::floor<std::chrono::seconds>(std::chrono::system_clock::now());
  ASSERT_TRUE(store().revoke_host(agent_.host_id(), now));
  const auto start = std::chrono::steady_clock::now();
  EXPECT_FALSE(instruction());
  EXPECT_LT(std::chrono::steady_clock::now() - start, std::chrono::seconds(3));
  EXPECT_EQ(stream_->Finish().error_code(), grpc::StatusCode::PERMISSION_DENIED);
  EXPECT_TRUE(has_left());
}

TEST_F(AttendanceTest, ANewerStreamReplacesTheOlderOne) {
  attend();
  ASSERT_TRUE(instruction());
  grpc::ClientContext context;
  auto stub = v1::Attendance::NewStub(agent_.channel());
  auto second = stub->Attend(&context);
  second->Write(v1::Beat());
  EXPECT_FALSE(instruction());
  EXPECT_EQ(stream_->Finish().error_code(), grpc::StatusCode::ABORTED);
  context.TryCancel();
}

TEST_F(AttendanceTest, StoppingEndsOpenStreamsAndRecordsWhoWasSeen) {
  attend();
  ASSERT_TRUE(instruction());
  server().stop(std::chrono::milliseconds(100));
  EXPECT_FALSE(instruction());
  EXPECT_EQ(stream_->Finish().error_code(), grpc::StatusCode::UNAVAILABLE);
  EXPECT_TRUE(store().host(agent_.host_id())->last_seen.has_value());
}

TEST_F(AttendanceTest, OneHostMayNotHoldManyStreams) {
  std::vector<std::unique_ptr<Submission>> streams;
  for (std::size_t i = 0; i < OpenStreams::kMaxPerHost; ++i) {
    streams.push_back(std::make_unique<Submission>(agent_.channel()));
    streams.back()->offer(TestSnapshot{});
    ASSERT_TRUE(streams.back()->answer());
  }
  Submission another(agent_.channel());
  EXPECT_FALSE(another.answer());
  EXPECT_EQ(another.finish().error_code(), grpc::StatusCode::RESOURCE_EXHAUSTED);
}

}  // namespace
}  // namespace assay::collector
