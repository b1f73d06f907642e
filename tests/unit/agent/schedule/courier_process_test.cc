#include "agent/schedule/courier_process.h"

#include <gtest/gtest.h>
#include <signal.h>

#include <fstream>

#include "tests/unit/agent/schedule/fake_courier.h"

namespace assay::agent {
namespace {

class CourierProcessTest : public testing::Test {
 protected:
  [[nodiscard]] std::string written(const std::string& name) const {
    std::ifstream file(scratch_.path() / name);
    std::string text;
    std::getline(file, text);
    return text;
  }
  ScratchFolder scratch_;
};

TEST_F(CourierProcessTest, IsGivenItsArgumentsAndASocketItCanSpeakOn) {
  CourierProcess courier(fake_courier(scratch_, "printf 's%s' \"$*\" >&3; exec sleep 30"), {"run"});
  ASSERT_TRUE(courier.start_if_due(BootTime(0)));
  std::string heard;
  EXPECT_TRUE(soon([&] { return (heard += courier.heard()).size() > 1; }));
  EXPECT_EQ(heard, "srun --control-fd 3");
}

TEST_F(CourierProcessTest, HearsSingleBytes) {
  const auto out = scratch_.root() + "/out";
  CourierProcess courier(
      fake_courier(scratch_, "read -r -n 1 -u 3 byte; echo $byte > " + out + "; exec sleep 30"),
      {});
  ASSERT_TRUE(courier.start_if_due(BootTime(0)));
  courier.tell('n');
  EXPECT_TRUE(soon([&] { return written("out") == "n"; }));
}

TEST_F(CourierProcessTest, InheritsNoDescriptorAndLittleEnvironment) {
  ::setenv("ASSAY_TOKEN", "secret", 1);
  const auto out = scratch_.root() + "/out";
  const FileDescriptor open(::dup(2));
  CourierProcess courier(
      fake_courier(scratch_, "ls -m /proc/$$/fd > " + out + ".new; echo " + "[$ASSAY_TOKEN] > " +
                                 out + ".env; mv " + out + ".new " + out + "; exec sleep 30"),
      {});
  ASSERT_TRUE(courier.start_if_due(BootTime(0)));
  EXPECT_TRUE(soon([&] { return !written("out").empty(); }));
  // 255 is the shell's own, the script.
  EXPECT_EQ(written("out"), "0, 1, 2, 255, 3");
  EXPECT_EQ(written("out.env"), "[]");
  ::unsetenv("ASSAY_TOKEN");
}

TEST_F(CourierProcessTest, IsStartedAgainLaterEachTime) {
  CourierProcess courier(fake_courier(scratch_, "exit 7"), {});
  BootTime now{0};
  BootTime last_delay{0};
  for (int i = 0; i < 4; ++i) {
    ASSERT_TRUE(courier.start_if_due(now));
    ASSERT_TRUE(courier.is_running());
    EXPECT_TRUE(soon([&] {
      courier.reap(now);
      return !courier.is_running();
    }));
    const auto delay = courier.due().value() - now;
    EXPECT_GT(delay, last_delay);
    last_delay = delay;
    now = *courier.due();
  }
  EXPECT_EQ(courier.restarts(), 4);
  EXPECT_EQ(courier.last_end(), "ended with code 7");
}

TEST_F(CourierProcessTest, NoSuchProgramIsAnErrorAndNoBusyLoop) {
  CourierProcess courier(scratch_.root() + "/none", {});
  EXPECT_EQ(courier.start_if_due(BootTime(0)).error().code(), Code::kNotFound);
  EXPECT_GT(courier.due(), BootTime(0));
}

TEST_F(CourierProcessTest, StopLeavesNothingBehind) {
  CourierProcess courier(fake_courier(scratch_, "exec sleep 30"), {});
  ASSERT_TRUE(courier.start_if_due(BootTime(0)));
  const auto pid = courier.pid();
  courier.stop();
  EXPECT_FALSE(courier.is_running());
  EXPECT_NE(::kill(pid, 0), 0);
}

TEST_F(CourierProcessTest, RunToTheEndAnswersItsCode) {
  EXPECT_EQ(run_courier(fake_courier(scratch_, "exit 5"), {"run"}), 5);
  EXPECT_EQ(run_courier(fake_courier(scratch_, "kill -9 $$"), {}).error().code(), Code::kIo);
}

}  // namespace
}  // namespace assay::agent
