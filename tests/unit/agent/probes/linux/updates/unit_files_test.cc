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

TEST_F(UnitFilesTest, AnEmptyFileMasksToo) {
  vendor("a.timer", "[Timer]\nOnCalendar=daily\n");
  vendor("timers.target.wants/a.timer", "");
  local("a.timer", "");
  EXPECT_EQ(load().is_enabled("a.timer"), false);
}

TEST_F(UnitFilesTest, DropInsCountByNameAndThatOfTheAdministratorHidesTheVendors) {
  vendor("a.timer", "[Timer]\nOnCalendar=daily\n");
  vendor("a.timer.d/50.conf", "[Timer]\nOnCalendar=05:00\n");
  vendor("a.timer.d/60.conf", "[Timer]\nOnCalendar=06:00\n");
  vendor("a.timer.d/70.conf", "[Timer]\nOnCalendar=07:00\n");
  local("a.timer.d/10.conf", "[Timer]\nOnCalendar=\nOnCalendar=01:00\n");
  local("a.timer.d/60.conf", "");
  host_.links[std::string(kLocal) + "a.timer.d/70.conf"] = "/dev/null";
  EXPECT_EQ(load().read_timer("a.timer")->schedules,
            (std::vector<std::string>{"OnCalendar=01:00", "OnCalendar=05:00"}));
}

TEST_F(UnitFilesTest, DropInsOfTemplatesPrefixesAndTypesCount) {
  const auto add = [&](const std::string& folder, const std::string& when) {
    local(folder + "/" + when + ".conf", "[Timer]\nOnBootSec=" + when + "\n");
  };
  vendor("a-b-c.timer", "[Timer]\n");
  vendor("t@.timer", "[Timer]\n");
  add("a-b-.timer.d", "1");
  add("a-.timer.d", "2");
  add("t@.timer.d", "3");
  add("timer.d", "4");
  EXPECT_EQ(load().read_timer("a-b-c.timer")->schedules,
            (std::vector<std::string>{"OnBootSec=1", "OnBootSec=2", "OnBootSec=4"}));
  EXPECT_EQ(load().read_timer("t@x.timer")->schedules,
            (std::vector<std::string>{"OnBootSec=3", "OnBootSec=4"}));
}

TEST_F(UnitFilesTest, AnAliasIsNoTimerOfItsOwn) {
  vendor("a.timer", "[Timer]\nOnCalendar=daily\n");
  host_.links[std::string(kLocal) + "b.timer"] = "/usr/lib/systemd/system/a.timer";
  EXPECT_EQ(load().timers(), std::vector<std::string>{"a.timer"});
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
