#include <sys/eventfd.h>
#include <sys/socket.h>

#include <thread>

#include "agent/state/control.h"
#include "tests/integration/agent/machine.h"
#include "tests/unit/agent/schedule/fake_courier.h"

namespace assay::agent {
namespace {

// The courier in a thread, the test at the other end of its control socket.
class CourierTest : public MachineTest {
 protected:
  void SetUp() override {
    int ends[2];
    ASSERT_EQ(::socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends), 0);
    ours_ = FileDescriptor(ends[0]);
    theirs_ = FileDescriptor(ends[1]);
    spool_.emplace(Spool::open(state_).value());
  }
  void TearDown() override {
    if (!thread_.joinable()) return;
    ::eventfd_write(stop_.number(), 1);
    thread_.join();
  }
  void start() {
    thread_ = std::thread([this] {
      CourierOptions with{.state = state_, .control = theirs_.number(), .stop = stop_.number()};
      Courier(std::move(with)).run();
    });
  }
  bool says(char byte) {
    return soon([this, byte] {
      char bytes[64];
      const auto got = ::recv(ours_.number(), bytes, sizeof bytes, MSG_DONTWAIT);
      if (got > 0) heard_.append(bytes, static_cast<std::size_t>(got));
      return heard_.find(byte) != std::string::npos;
    });
  }
  void tell(char byte) { EXPECT_EQ(::send(ours_.number(), &byte, 1, 0), 1); }

  FileDescriptor ours_;
  FileDescriptor theirs_;
  FileDescriptor stop_{::eventfd(0, EFD_CLOEXEC)};
  std::optional<Spool> spool_;
  std::thread thread_;
  std::string heard_;
};

TEST_F(CourierTest, UploadsWhatWaitsAndWhatComesLater) {
  enroll_machine();
  scan(*spool_, 1);
  start();
  EXPECT_TRUE(soon([this] { return snapshots_of(host_id_) == 1; }));
  EXPECT_TRUE(says(kVerdicts));
  scan(*spool_, 2);
  tell(kSnapshotSpooled);
  EXPECT_TRUE(soon([this] { return snapshots_of(host_id_) == 2; }));
  EXPECT_TRUE(soon([this] { return spool_->settle() && spool_->counts().spooled == 0; }));
}

TEST_F(CourierTest, PassesOnScanNow) {
  enroll_machine();
  start();
  EXPECT_TRUE(soon([this] { return server().attendance().scan_now(host_id_); }));
  EXPECT_TRUE(says(kScanNow));
}

TEST_F(CourierTest, KeepsTheCollectorsConfigurationAndSaysSoOnce) {
  enroll_machine();
  start();
  EXPECT_TRUE(says(kConfigurationChanged));
  EXPECT_EQ(read_collector_settings(state_).scan_interval, std::chrono::hours(1));
}

TEST_F(CourierTest, IsEnrolledWhileItRuns) {
  start();
  EXPECT_TRUE(soon([this] { return status_says("not enrolled"); }));
}

TEST_F(CourierTest, EndsWhenTheAgentIsGone) {
  start();
  ours_ = FileDescriptor();
  thread_.join();
  EXPECT_TRUE(status_says("\"connected\": false"));
}

TEST_F(CourierTest, ComesBackAfterTheCollectorDoes) {
  enroll_machine();
  const auto where = address();
  server().stop(std::chrono::milliseconds(0));
  start();
  EXPECT_TRUE(soon([this] { return status_says("cannot be reached"); }));
  collector::IngestOptions again;
  again.listen = where;
  const auto second = collector::IngestServer::start(store(), authority(), std::move(again));
  ASSERT_TRUE(second) << second.error().message();
  scan(*spool_, 1);
  EXPECT_TRUE(soon([this] { return snapshots_of(host_id_) == 1; })) << status();
}

}  // namespace
}  // namespace assay::agent
