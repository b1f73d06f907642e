#include "agent/spool/ledger_memory.h"

#include <gtest/gtest.h>

#include "agent/state/disk.h"
#include "tests/unit/agent/scratch_folder.h"

namespace assay::agent {
namespace {

evidence::Seconds at(std::int64_t second) {
  return evidence::Seconds(std::chrono::seconds(second));
}

Unproven receipt(int number) {
  return {evidence::sha256(std::to_string(number)), at(number)};
}

TEST(LedgerMemory, ReadsWhatItWrote) {
  LedgerMemory memory;
  memory.key = "assay-ledger/x+00000000+AQ==";
  memory.checkpoint = "note\n\n— é\n";
  memory.checked = at(100);
  memory.add_unproven(receipt(1), at(1));
  memory.alarm(at(7), "rewound");
  memory.alarm(at(9), "rewound");
  const auto again = ledger_memory_from_json(to_json(memory));
  ASSERT_TRUE(again) << again.error().message();
  EXPECT_EQ(again->key, memory.key);
  EXPECT_EQ(again->checkpoint, memory.checkpoint);
  EXPECT_EQ(again->checked, memory.checked);
  EXPECT_EQ(again->unproven, memory.unproven);
  ASSERT_EQ(again->alarms.size(), 1U);
  EXPECT_EQ(again->alarms, memory.alarms);
  EXPECT_EQ(again->alarms[0].count, 2);
  EXPECT_EQ(again->alarms[0].since, at(7));
  EXPECT_EQ(again->alarms[0].until, at(9));
}

TEST(LedgerMemory, AReceiptIsRememberedOnceAndTheirNumberIsBounded) {
  LedgerMemory memory;
  memory.add_unproven(receipt(1), at(1));
  memory.add_unproven(receipt(1), at(2));
  EXPECT_EQ(memory.unproven.size(), 1U);
  for (int i = 2; i <= static_cast<int>(kMaxUnproven) + 2; ++i)
    memory.add_unproven(receipt(i), at(i));
  EXPECT_EQ(memory.unproven.size(), kMaxUnproven);
  ASSERT_EQ(memory.alarms.size(), 1U) << "those that were forgotten are told";
  EXPECT_EQ(memory.alarms[0].count, 2);
}

TEST(LedgerMemory, NoAlarmGoesUncounted) {
  LedgerMemory memory;
  for (int i = 0; i < 100; ++i) memory.alarm(at(i), "alarm " + std::to_string(i));
  EXPECT_EQ(memory.alarms.size(), kMaxLedgerAlarms);
  std::int64_t count = 0;
  for (const auto& gap : memory.alarms) count += gap.count;
  EXPECT_EQ(count, 100);
  EXPECT_EQ(memory.alarms.front().since, at(0));
  EXPECT_EQ(memory.alarms.back().detail, "alarm 99");
}

TEST(LedgerMemory, HostileFilesAreBounded) {
  for (const auto* text : {"", "[]", "{", "7"})
    EXPECT_EQ(ledger_memory_from_json(text).error().code(), Code::kInvalidData) << text;
  EXPECT_EQ(ledger_memory_from_json(std::string(kMaxLedgerMemoryBytes + 1, ' ')).error().code(),
            Code::kTooLarge);
  const auto odd = ledger_memory_from_json(
      R"({"key":7,"checkpoint":[],"checked":"then","unproven":[1,{"manifest":"x"}],)"
      R"("alarms":[{"count":-3,"detail":{}}]})");
  ASSERT_TRUE(odd);
  EXPECT_EQ(odd->key, "");
  EXPECT_TRUE(odd->unproven.empty());
  ASSERT_EQ(odd->alarms.size(), 1U);
  EXPECT_EQ(odd->alarms[0].count, 1);
}

TEST(LedgerMemory, IsEmptyWhereThereIsNoFile) {
  ScratchFolder scratch;
  const StateFolder state(scratch.root() + "/state");
  ASSERT_TRUE(state.prepare());
  EXPECT_TRUE(read_ledger_memory(state)->checkpoint.empty());
  Disk disk;
  ASSERT_TRUE(disk.write(state.ledger_memory(), "{"));
  EXPECT_FALSE(read_ledger_memory(state));
}

}  // namespace
}  // namespace assay::agent
