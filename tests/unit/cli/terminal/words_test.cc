#include "cli/terminal/words.h"

#include <gtest/gtest.h>

namespace assay::cli {
namespace {

TEST(Words, EveryStateAndSeverityHasAWordInBothLanguages) {
  for (int i = 0; i <= static_cast<int>(checks::State::kFail); ++i) {
    EXPECT_FALSE(word_for(static_cast<checks::State>(i)).en.empty());
    EXPECT_FALSE(word_for(static_cast<checks::State>(i)).zh_tw.empty());
  }
  EXPECT_EQ(severity_word("critical", Language::kChinese), "嚴重");
  EXPECT_EQ(state_word("fail", Language::kEnglish), "fail");
}

TEST(Words, ModesAndFrequenciesAreSaidInBothLanguages) {
  EXPECT_EQ(mode_word("manual", Language::kEnglish), "by a person");
  EXPECT_EQ(mode_word("automated", Language::kChinese), "自動判定");
  EXPECT_EQ(frequency_word("two-yearly", Language::kEnglish), "every two years");
  EXPECT_EQ(frequency_word("half-yearly", Language::kChinese), "每半年");
}

TEST(Words, AnUnknownNameIsShownAsItIs) {
  EXPECT_EQ(state_word("from_the_future", Language::kChinese), "from_the_future");
  EXPECT_EQ(mode_word("by_oracle", Language::kEnglish), "by_oracle");
  EXPECT_EQ(frequency_word("weekly", Language::kChinese), "weekly");
}

TEST(Words, APercentageIsNeverRoundedUpToComplete) {
  EXPECT_EQ(percent(0.999), "99 %");
  EXPECT_EQ(percent(0.29), "29 %");
  EXPECT_EQ(percent(1.0), "100 %");
  EXPECT_EQ(percent(std::nullopt), "–");
}

}  // namespace
}  // namespace assay::cli
