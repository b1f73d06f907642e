#include "cli/terminal/width.h"

#include <gtest/gtest.h>

namespace assay::cli {
namespace {

using Lines = std::vector<std::string>;

TEST(Width, ChineseCharactersTakeTwoColumns) {
  EXPECT_EQ(width_of("abc"), 3U);
  EXPECT_EQ(width_of("密碼"), 4U);
  EXPECT_EQ(width_of("密碼，ok"), 8U);
  EXPECT_EQ(width_of("é"), 1U);
  EXPECT_EQ(width_of("e\xCC\x81"), 1U) << "a combining accent takes no column";
}

TEST(Width, PaddingAlignsMixedText) {
  EXPECT_EQ(padded("密碼", 6), "密碼  ");
  EXPECT_EQ(padded("abcdef", 4), "abcdef");
}

TEST(Wrap, BreaksAtSpaces) {
  EXPECT_EQ(wrap("one two three", 7), (Lines{"one two", "three"}));
  EXPECT_EQ(wrap("one two three", 100), (Lines{"one two three"}));
  EXPECT_EQ(wrap("", 10), (Lines{""}));
}

TEST(Wrap, BreaksBetweenChineseCharacters) {
  EXPECT_EQ(wrap("密碼最短長度", 5), (Lines{"密碼", "最短", "長度"}));
}

TEST(Wrap, NoLineBeginsWithAClosingMark) {
  EXPECT_EQ(wrap("密碼長度，不足", 8), (Lines{"密碼長", "度，不足"}));
}

TEST(Wrap, CutsAWordThatIsLongerThanALine) {
  EXPECT_EQ(wrap("abcdefgh", 3), (Lines{"abc", "def", "gh"}));
  EXPECT_EQ(wrap("a bcdefgh", 4), (Lines{"a", "bcde", "fgh"}));
}

TEST(Wrap, KeepsLineFeeds) {
  EXPECT_EQ(wrap("one\ntwo three\n", 20), (Lines{"one", "two three"}));
}

TEST(Wrap, EveryLineFits) {
  const std::string text =
      "設定 minlen=8 於 /etc/security/pwquality.conf，低於政策要求的 12 個字元。";
  for (std::size_t columns = 2; columns < 60; ++columns)
    for (const auto& line : wrap(text, columns)) EXPECT_LE(width_of(line), columns) << line;
}

TEST(Harmless, ShowsEscapeSequencesInsteadOfObeyingThem) {
  EXPECT_EQ(harmless("evil\x1b[2J"), "evil\\x1b[2J");
  EXPECT_EQ(harmless("a\xc2\x9b"
                     "b"),
            "a\\x9bb");
  EXPECT_EQ(harmless("tab\tend"), "tab\\x09end");
}

TEST(Harmless, ShowsMarksThatTurnTheDirection) {
  EXPECT_EQ(harmless("a\xE2\x80\xAE"
                     "b"),
            "a\\u202eb");
}

TEST(Harmless, ShowsBrokenBytesAndKeepsChinese) {
  EXPECT_EQ(harmless("密\xff碼\n"), "密\\xff碼\n");
}

}  // namespace
}  // namespace assay::cli
