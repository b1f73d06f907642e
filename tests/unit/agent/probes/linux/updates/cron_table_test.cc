#include "agent/probes/linux/updates/schedule/cron_table.h"

#include <gtest/gtest.h>

namespace assay::agent {
namespace {

std::string shown(std::string_view text, CronKind kind) {
  std::string all;
  for (const auto& line : parse_cron_table(text, kind))
    all += std::to_string(line.line) + ":" + line.schedule + "|" + line.user + "|" + line.name +
           "|" + line.command + ";";
  return all;
}

TEST(CronTableTest, SystemTablesNameTheAccount) {
  EXPECT_EQ(shown("SHELL=/bin/sh\n# c\n*/5 0-6,22 * jan mon-fri root a -b\n", CronKind::kSystem),
            "3:*/5 0-6,22 * jan mon-fri|root||a -b;");
}

TEST(CronTableTest, UsersTablesDoNot) {
  EXPECT_EQ(shown("@reboot a b\n", CronKind::kUser), "1:@reboot|||a b;");
}

TEST(CronTableTest, AnacronHasPeriodDelayAndName) {
  EXPECT_EQ(shown("1 5 cron.daily nice run-parts /x\n@monthly 45 m x\n", CronKind::kAnacron),
            "1:1 5||cron.daily|nice run-parts /x;2:@monthly 45||m|x;");
}

TEST(CronTableTest, VariablesAreLeftOutWithTheirValues) {
  EXPECT_EQ(shown("A = b\n\"C\"='d'\nPASS=1 2 3 4 5 x\n", CronKind::kUser), "");
}

TEST(CronTableTest, ALineThatIsNoEntryHasNoSchedule) {
  EXPECT_EQ(shown("1 2 3 cmd\n* * * * *\nnonsense\n", CronKind::kUser), "1:|||;2:|||;3:|||;");
}

TEST(CronTableTest, ATimeThatCannotBeIsNoSchedule) {
  for (const auto* line : {"99 * * * * x", "0 24 * * * x", "0 0 0 * * x", "0 0 * 13 * x",
                           "0 0 * * 8 x", "a * * * * x", "@fortnightly x"})
    EXPECT_EQ(shown(line, CronKind::kUser), "1:|||;") << line;
  EXPECT_EQ(shown("*/70 1-23/2 31 dec sun,7 x\n", CronKind::kUser),
            "1:*/70 1-23/2 31 dec sun,7|||x;");
}

struct Command {
  const char* text;
  const char* program;
};
std::ostream& operator<<(std::ostream& out, const Command& command) {
  return out << command.text;
}
class ProgramOfCommandTest : public testing::TestWithParam<Command> {};

TEST_P(ProgramOfCommandTest, IsWhatTheCommandIsAbout) {
  EXPECT_EQ(program_of_command(GetParam().text), GetParam().program);
}

INSTANTIATE_TEST_SUITE_P(
    All, ProgramOfCommandTest,
    testing::Values(
        Command{"/usr/bin/a --password x", "/usr/bin/a"}, Command{"a", "a"},
        Command{"test -x /usr/sbin/anacron || ( cd / && run-parts --report /etc/cron.daily )",
                "run-parts"},
        Command{"[ -x /a ] && /a -q", "/a"}, Command{"A=1 B='x y' /bin/c d", "/bin/c"},
        Command{"nice -n 10 ionice -c 3 /b", "/b"}, Command{"flock -n /run/l /b x", "/b"},
        Command{"timeout 1h /b", "/b"}, Command{"sudo -u app /b", "/b"},
        Command{"cd /srv && ./b.sh >/dev/null 2>&1", "./b.sh"}, Command{"sleep 5; /b", "/b"},
        Command{"", ""}, Command{"   ", ""}, Command{"(((", ""}));

// Words in quotes, in $(…) and behind variables may be secrets: none is taken for a program.
INSTANTIATE_TEST_SUITE_P(Secrets, ProgramOfCommandTest,
                         testing::Values(Command{"echo \"a;hunter2 x\" | /b", "/b"},
                                         Command{"P=\"hunter2 hunter3\" /b", "/b"},
                                         Command{"\"hunter2\"", ""},
                                         Command{"P=$(cat /secret hunter2) /b", "/b"},
                                         Command{"`hunter2`", ""}, Command{"P='a b", ""}));

}  // namespace
}  // namespace assay::agent
