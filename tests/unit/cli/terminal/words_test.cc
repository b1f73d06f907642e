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

TEST(Words, AnUnknownNameIsShownAsItIs) {
  EXPECT_EQ(state_word("from_the_future", Language::kChinese), "from_the_future");
}

TEST(Words, APercentageIsNeverRoundedUpToComplete) {
  EXPECT_EQ(percent(0.999), "99 %");
  EXPECT_EQ(percent(0.29), "29 %");
  EXPECT_EQ(percent(1.0), "100 %");
  EXPECT_EQ(percent(std::nullopt), "–");
}

}  // namespace
}  // namespace assay::cli
