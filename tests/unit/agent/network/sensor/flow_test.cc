#include <gtest/gtest.h>

#include <algorithm>
#include <random>

#include "agent/network/sensor/flow/flow_table.h"
#include "agent/network/sensor/flow/stream.h"
#include "agent/network/sensor/flow/working_hours.h"

namespace assay::agent::sensor {
namespace {

FlowKey key_number(std::uint64_t number) {
  return {.low = {0, kV4Prefix | number}, .high = {0, kV4Prefix | 0xffffffff}, .protocol = kTcp};
}

TEST(FlowTableTest, FindsWhatWasAdded) {
  FlowTable table(1024, 1, [](Flow&) {});
  EXPECT_TRUE(table.find_or_add(key_number(5), 1).is_new);
  table.find_or_add(key_number(5), 1).flow->tries = 3;
  const auto again = table.find_or_add(key_number(5), 2);
  EXPECT_FALSE(again.is_new);
  EXPECT_EQ(again.flow->tries, 3);
}

TEST(FlowTableTest, AFloodStaysWithinItsRoomAndEveryFlowIsHandedOn) {
  std::uint64_t left = 0;
  FlowTable table(4096, 1, [&](Flow&) { ++left; });
  for (std::uint64_t number = 0; number < 1'000'000; ++number)
    (void)table.find_or_add(key_number(number), 1);
  EXPECT_EQ(table.capacity(), 4096U);
  EXPECT_EQ(table.evictions(), left);
  table.clear();
  EXPECT_EQ(left, 1'000'000U);
}

TEST(FlowTableTest, FlowsThatAreAnsweredOutliveAFlood) {
  std::uint64_t answered = 0;
  FlowTable table(4096, 1, [&](Flow& flow) { answered += flow.is_answered ? 1 : 0; });
  for (std::uint64_t number = 0; number < 100; ++number)
    table.find_or_add(key_number(number), 1).flow->is_answered = true;
  for (std::uint64_t number = 1000; number < 100'000; ++number)
    (void)table.find_or_add(key_number(number), 2);
  EXPECT_EQ(answered, 0U);
}

class StreamHalfTest : public ::testing::Test {
 protected:
  StreamHalfTest() { half_->reset(); }
  bool add(std::uint32_t at, std::string_view text) { return half_->add(at, bytes_of(text)); }
  std::string text() { return std::string(text_of(half_->bytes())); }
  std::unique_ptr<StreamHalf> half_ = std::make_unique<StreamHalf>();
};

TEST_F(StreamHalfTest, PutsSegmentsInOrder) {
  half_->start_at(100, true);
  EXPECT_FALSE(add(105, "world"));
  EXPECT_FALSE(add(112, "!"));
  EXPECT_EQ(text(), "");
  EXPECT_TRUE(add(100, "hello"));
  EXPECT_EQ(text(), "helloworld");
  EXPECT_TRUE(add(110, "--"));
  EXPECT_EQ(text(), "helloworld--!");
}

TEST_F(StreamHalfTest, KeepsTheFirstOfWhatOverlaps) {
  half_->start_at(0, true);
  EXPECT_TRUE(add(0, "abcdef"));
  EXPECT_TRUE(add(3, "XYZ+++"));
  EXPECT_EQ(text(), "abcdef+++");
  EXPECT_FALSE(add(0, "abc"));
}

TEST_F(StreamHalfTest, SequenceNumbersGoRound) {
  half_->start_at(0xfffffffe, true);
  EXPECT_TRUE(add(0xfffffffe, "ab"));
  EXPECT_TRUE(add(0, "cd"));
  EXPECT_EQ(text(), "abcd");
}

TEST_F(StreamHalfTest, LooksNoFurtherThanItsRoom) {
  half_->start_at(0, true);
  EXPECT_TRUE(add(0, std::string(kHalfBytes - 1, 'x')));
  EXPECT_TRUE(add(kHalfBytes - 1, "yz"));
  EXPECT_TRUE(half_->is_full());
  EXPECT_FALSE(add(kHalfBytes + 1, "more"));
}

TEST_F(StreamHalfTest, AnyOrderGivesTheSameBytes) {
  std::string all(3000, ' ');
  for (std::size_t at = 0; at < all.size(); ++at) all[at] = static_cast<char>('a' + at % 23);
  std::mt19937 random(7);  // NOLINT: the same every time, on purpose
  for (int round = 0; round < 200; ++round) {
    half_->reset();
    half_->start_at(0, true);
    // Twelve pieces that overlap, of which no more than eight ever stand alone.
    std::vector<std::size_t> begins;
    for (std::size_t at = 0; at < all.size(); at += 250) begins.push_back(at);
    std::shuffle(begins.begin(), begins.end(), random);
    for (const auto at : begins) (void)add(static_cast<std::uint32_t>(at), all.substr(at, 260));
    EXPECT_TRUE(half_->is_lost() || text() == all) << round;
  }
}

TEST(StreamPoolTest, TheOneUnusedForLongestMakesRoom) {
  StreamPool pool(2);
  const auto a = pool.take(10).index;
  const auto b = pool.take(11).index;
  pool.use(a);
  const auto c = pool.take(12);
  EXPECT_EQ(c.index, b);
  EXPECT_EQ(c.evicted_flow, 11U);
  pool.release(a);
  EXPECT_EQ(pool.take(13).evicted_flow, StreamPool::kNone);
  EXPECT_EQ(pool.evictions(), 1U);
}

TEST(WorkingHoursTest, KnowsDaysHoursAndTheOffset) {
  const auto hours = working_hours_from("Mon-Fri 08:00-18:00 +08:00").value();
  constexpr std::int64_t kMonday = 1'763'942'400;  // 2025-11-24 00:00 UTC, 08:00 in Taipei
  EXPECT_TRUE(hours.has(kMonday));
  EXPECT_FALSE(hours.has(kMonday - 1));
  EXPECT_TRUE(hours.has(kMonday + 10 * 3600 - 1));
  EXPECT_FALSE(hours.has(kMonday + 10 * 3600));
  EXPECT_FALSE(hours.has(kMonday - 86'400));      // Sunday
  EXPECT_TRUE(hours.has(kMonday + 4 * 86'400));   // Friday
  EXPECT_FALSE(hours.has(kMonday + 5 * 86'400));  // Saturday
  EXPECT_TRUE(working_hours_from("Sat,Sun 00:00-24:00 -05:30")->has(kMonday + 5 * 86'400 + 20'000));
}

TEST(WorkingHoursTest, RefusesWhatItDoesNotUnderstand) {
  for (const auto* text :
       {"", "Mon-Fri", "Mon-Fri 08:00-18:00", "Mon-Fri 18:00-08:00 +08:00",
        "Xyz 08:00-18:00 +08:00", "Mon-Fri 08:00-18:61 +08:00", "Mon-Fri 08:00-25:00 +08:00",
        "Mon-Fri 08:00-18:00 08:00", "Mon-Fri 08:00-18:00 +99:00", "Mon-Fri 08:00-18:00 +08:00 x"})
    EXPECT_EQ(working_hours_from(text).error().code(), Code::kUsage) << text;
}

}  // namespace
}  // namespace assay::agent::sensor
