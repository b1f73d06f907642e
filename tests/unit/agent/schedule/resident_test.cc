#include "agent/schedule/resident.h"

#include <gtest/gtest.h>
#include <signal.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include "agent/state/disk.h"
#include "tests/unit/agent/schedule/fake_courier.h"

namespace assay::agent {
namespace {

constexpr std::size_t kMaxStatus = 1 << 16;

class ResidentTest : public testing::Test {
 protected:
  ResidentTest() : state_(scratch_.root() + "/state") { EXPECT_TRUE(state_.prepare()); }

  // Each action leaves a line, so that the test can see it from outside.
  [[nodiscard]] ResidentActions actions(bool has_room = true) const {
    const auto leave = [this](const char* name) {
      Disk disk;
      (void)disk.append(state_.in(name), "x\n");
    };
    return {[leave, has_room](bool is_asked) -> Result<ScanOutcome> {
              leave("scans");
              if (is_asked) leave("asked");
              if (!has_room) return fail(Code::kNoSpace, "the spool is full");
              return ScanOutcome{1, 10, 1, 10};
            },
            [leave]() -> Status {
              leave("settles");
              return {};
            },
            [] { return SpoolCounts(); },
            [leave]() -> Result<ScanTiming> {
              leave("timings");
              return ScanTiming();
            }};
  }
  [[nodiscard]] std::size_t times(const char* name) const {
    return read_state_file(state_.in(name), 1 << 20).value_or("").size() / 2;
  }
  [[nodiscard]] std::string status() const {
    return read_state_file(state_.status(), kMaxStatus).value_or("");
  }
  // In a process of its own, since it owns the signals.
  void start(const std::string& courier, bool has_room = true) {
    child_ = ::fork();
    if (child_ != 0) return;
    Resident resident({state_, courier, {"run"}}, actions(has_room));
    ::_exit(resident.run() ? 0 : 1);
  }
  int stop() {
    ::kill(child_, SIGTERM);
    int code = 0;
    EXPECT_EQ(::waitpid(child_, &code, 0), child_);
    return WEXITSTATUS(code);
  }

  ScratchFolder scratch_;
  StateFolder state_;
  pid_t child_ = -1;
};

TEST_F(ResidentTest, ScansAtOnceSaysSoAndEndsOnSigterm) {
  start("");
  EXPECT_TRUE(soon([&] { return status().find("\"sequence\": 1") != std::string::npos; }));
  EXPECT_EQ(stop(), 0);
  EXPECT_EQ(times("scans"), 1U);
}

TEST_F(ResidentTest, ARestartDoesNotScanAgain) {
  start("");
  EXPECT_TRUE(soon([&] { return !status().empty(); }));
  EXPECT_EQ(stop(), 0);
  start("");
  EXPECT_TRUE(soon([&] { return times("timings") == 2; }));
  EXPECT_EQ(stop(), 0);
  EXPECT_EQ(times("scans"), 1U);
}

TEST_F(ResidentTest, HearsTheCouriersThreeBytesAndNothingElse) {
  start(fake_courier(scratch_, "printf 'vcsXYZ' >&3; exec sleep 30"));
  EXPECT_TRUE(soon([&] { return times("settles") >= 1 && times("timings") >= 2; }));
  // The scan that is asked for is due in a minute at the earliest.
  EXPECT_EQ(times("scans"), 1U);
  EXPECT_EQ(stop(), 0);
}

TEST_F(ResidentTest, AScanThatTheCollectorAsksForIsMarkedSo) {
  start("");
  EXPECT_TRUE(soon([&] { return !status().empty(); }));
  EXPECT_EQ(stop(), 0);
  EXPECT_EQ(times("asked"), 0U);
  start(fake_courier(scratch_, "printf 's' >&3; exec sleep 30"));
  EXPECT_TRUE(soon([&] { return times("asked") == 1; }));
  EXPECT_EQ(stop(), 0);
}

TEST_F(ResidentTest, TheCourierIsStartedAgainWhenItDies) {
  start(fake_courier(scratch_, "exit 3"));
  EXPECT_TRUE(soon([&] { return status().find("\"restarts\": 2") != std::string::npos; }));
  EXPECT_NE(status().find("ended with code 3"), std::string::npos);
  EXPECT_EQ(stop(), 0);
}

TEST_F(ResidentTest, AFullSpoolIsToldAndDoesNotEndTheAgent) {
  start("", false);
  EXPECT_TRUE(soon([&] { return status().find("no_space") != std::string::npos; }));
  EXPECT_NE(status().find("the spool is full"), std::string::npos);
  EXPECT_EQ(stop(), 0);
}

TEST_F(ResidentTest, SighupReadsTheSettingsAnew) {
  start("");
  EXPECT_TRUE(soon([&] { return !status().empty(); }));
  ::kill(child_, SIGHUP);
  EXPECT_TRUE(soon([&] { return times("timings") == 2; }));
  EXPECT_EQ(stop(), 0);
}

TEST_F(ResidentTest, CostsNoCpuWhileItWaitsEvenWithAChattyCourier) {
  start(fake_courier(scratch_, "while true; do printf 'sssssssssssssss' >&3; done"));
  EXPECT_TRUE(soon([&] { return !status().empty(); }));
  std::this_thread::sleep_for(std::chrono::seconds(2));
  EXPECT_EQ(stop(), 0);
  rusage all{};
  ::getrusage(RUSAGE_CHILDREN, &all);
  // A turn of the loop a second; what fills the socket is the courier's own cost, and it blocks.
  EXPECT_LT(all.ru_utime.tv_sec + all.ru_stime.tv_sec, 2);
}

TEST_F(ResidentTest, OnceScansUploadsAndSettles) {
  const pid_t child = ::fork();
  if (child == 0) {
    const auto courier = fake_courier(scratch_, "echo \"$*\" > " + scratch_.root() + "/out");
    ::_exit(Resident({state_, courier, {"run"}}, actions()).run_once() ? 0 : 1);
  }
  int code = 0;
  ::waitpid(child, &code, 0);
  EXPECT_EQ(WEXITSTATUS(code), 0);
  EXPECT_EQ(read_state_file(scratch_.root() + "/out", 100).value_or(""), "run --once\n");
  EXPECT_EQ(times("scans"), 1U);
  EXPECT_EQ(times("settles"), 1U);
}

}  // namespace
}  // namespace assay::agent
