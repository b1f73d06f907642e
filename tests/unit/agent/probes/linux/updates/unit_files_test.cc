#include "agent/probes/linux/updates/schedule/unit_files.h"

#include <gtest/gtest.h>

#include "tests/unit/agent/memory_host.h"

namespace assay::agent {
namespace {

constexpr const char* kVendor = "/usr/lib/systemd/system/";
constexpr const char* kLocal = "/etc/systemd/system/";

class UnitFilesTest : public testing::Test {
 protected:
  void vendor(const std::string& name, const std::string& text) {
    host_.files[kVendor + name] = text;
  }
  void local(const std::string& name, const std::string& text) {
    host_.files[kLocal + name] = text;
  }
  UnitFiles load() { return *UnitFiles::load(host_); }
  MemoryHost host_;
};

TEST_F(UnitFilesTest, AUnitIsEnabledWhenAnotherWantsIt) {
  vendor("a.timer", "[Timer]\nOnCalendar=daily\n");
  EXPECT_EQ(load().is_enabled("a.timer"), false);
  host_.links[std::string(kLocal) + "timers.target.wants/a.timer"] = "x";
  EXPECT_EQ(load().is_enabled("a.timer"), true);
  EXPECT_EQ(load().is_enabled("b.timer"), std::nullopt);
}

TEST_F(UnitFilesTest, AMaskedUnitIsNotEnabled) {
  vendor("a.timer", "[Timer]\nOnCalendar=daily\n");
  vendor("timers.target.wants/a.timer", "");
  host_.links[std::string(kLocal) + "a.timer"] = "/dev/null";
  EXPECT_EQ(load().is_enabled("a.timer"), false);
}

TEST_F(UnitFilesTest, TheFileOfTheAdministratorReplacesTheVendors) {
  vendor("a.timer", "[Timer]\nOnCalendar=daily\n");
  local("a.timer", "[Timer]\nOnCalendar=weekly\nUnit=b.service\n");
  const auto timer = load().read_timer("a.timer");
  EXPECT_EQ(timer->schedules, std::vector<std::string>{"OnCalendar=weekly"});
  EXPECT_EQ(timer->unit, "b.service");
}

TEST_F(UnitFilesTest, ADropInAddsAndAnEmptyValueForgets) {
  vendor("a.timer", "[Timer]\nOnCalendar=daily\nOnBootSec=5min\n");
  local("a.timer.d/x.conf", "[Timer]\nOnCalendar=\nOnCalendar=03:00\n");
  EXPECT_EQ(load().read_timer("a.timer")->schedules, std::vector<std::string>{"OnCalendar=03:00"});
}

TEST_F(UnitFilesTest, OnlyInstancesOfATemplateAreTimers) {
  vendor("pg@.timer", "[Timer]\nOnCalendar=daily\n");
  local("timers.target.wants/pg@15-main.timer", "");
  EXPECT_EQ(load().timers(), std::vector<std::string>{"pg@15-main.timer"});
  EXPECT_EQ(load().read_timer("pg@15-main.timer")->unit, "pg@15-main.service");
}

TEST_F(UnitFilesTest, AServiceTellsItsCommandsAndAccount) {
  vendor("a.service",
         "[Service]\nUser=app\nExecStartPre=/x\nExecStart=-!/bin/a \\\n -p s\nExecStart=/c\n");
  const auto service = load().read_service("a.service");
  EXPECT_EQ(service->commands, (std::vector<std::string>{"/bin/a -p s", "/c"}));
  EXPECT_EQ(service->user, "app");
}

TEST_F(UnitFilesTest, ASystemWithoutSystemdHasNoUnits) {
  EXPECT_TRUE(load().timers().empty());
}

}  // namespace
}  // namespace assay::agent
