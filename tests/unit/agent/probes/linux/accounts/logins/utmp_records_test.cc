#include "agent/probes/linux/accounts/logins/utmp_records.h"

#include <gtest/gtest.h>

#include "tests/unit/agent/probes/linux/accounts/logins/login_bytes.h"

namespace assay::agent {
namespace {

TEST(UtmpRecords, TellTheTwoLayoutsApart) {
  const auto some = wtmp_record(2, "reboot", 1) + wtmp_record(7, "lin", 2);
  EXPECT_EQ(utmp_layout(some), kShortTimes);
  EXPECT_EQ(utmp_layout(long_wtmp_record("lin", 1) + long_wtmp_record("mei", 2)), kLongTimes);
  EXPECT_EQ(utmp_layout(""), kShortTimes);
}

TEST(UtmpRecords, RefuseWhatIsNone) {
  EXPECT_EQ(utmp_layout("short"), std::nullopt);
  EXPECT_EQ(utmp_layout(std::string(384, 'x')), std::nullopt);
  EXPECT_FALSE(read_utmp_record(wtmp_record(77, "x", 1), kShortTimes));
  EXPECT_FALSE(read_utmp_record("", kShortTimes));
}

TEST(UtmpRecords, HaveNamesThatFillTheirField) {
  const std::string name(32, 'n');
  const auto bytes = wtmp_record(7, name, 9, std::string(32, 't'), std::string(256, 'h'));
  const auto record = read_utmp_record(bytes, kShortTimes);
  ASSERT_TRUE(record);
  EXPECT_EQ(record->user, name);
  EXPECT_EQ(record->tty, std::string(32, 't'));
  EXPECT_EQ(record->host, std::string(256, 'h'));
}

TEST(UtmpRecords, KeepTimesAfter2038) {
  EXPECT_EQ(read_utmp_record(wtmp_record(7, "x", 4'000'000'000U), kShortTimes)->time,
            4'000'000'000);
  EXPECT_EQ(read_utmp_record(long_wtmp_record("x", 9'000'000'000), kLongTimes)->time,
            9'000'000'000);
}

TEST(UtmpRecords, TakeTheLastlogLayoutFromTheFilesSize) {
  EXPECT_EQ(*lastlog_layout(292 * 3, kLongTimes), kShortTimes);
  EXPECT_EQ(*lastlog_layout(296 * 3, kShortTimes), kLongTimes);
  EXPECT_EQ(*lastlog_layout(292 * 296, kLongTimes), kLongTimes);
  EXPECT_FALSE(lastlog_layout(100, kShortTimes));
}

TEST(UtmpRecords, KnowThatAnEmptyLastlogRecordIsNoLogin) {
  EXPECT_FALSE(read_lastlog_record(std::string(292, '\0'), kShortTimes));
  EXPECT_EQ(read_lastlog_record(lastlog_record(5, "tty1", "h"), kShortTimes)->tty, "tty1");
}

}  // namespace
}  // namespace assay::agent
