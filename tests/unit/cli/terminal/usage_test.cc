#include "cli/terminal/usage.h"

#include <gtest/gtest.h>

#include "evidence/refusal.h"

namespace assay::cli {
namespace {

struct Case {
  const char* kind;
  const char* message;
  const char* zh_tw;
};

class Usage : public testing::TestWithParam<Case> {};

TEST_P(Usage, IsSaidInBothLanguages) {
  const auto words = usage_words(GetParam().kind, GetParam().message);
  EXPECT_EQ(words.en, GetParam().message);
  EXPECT_EQ(words.zh_tw, GetParam().zh_tw);
  EXPECT_TRUE(reads_as_chinese(words.zh_tw));
}

INSTANTIATE_TEST_SUITE_P(
    Cases, Usage,
    testing::Values(
        Case{"RequiredError", "A subcommand is required", "請指定子命令"},
        Case{"RequiredError", "--until is required", "缺少必要的 --until"},
        Case{"ExtrasError", "The following argument was not expected: x", "無法辨識的引數：x"},
        Case{"hosts", "The following arguments were not expected: y x", "無法辨識的引數：y x"},
        Case{"ExcludesError", "--check excludes --finding", "--check 不能與 --finding 同時使用"},
        Case{"RequiresError", "--a requires --b", "使用 --a 時須一併指定 --b"},
        Case{"ValidationError", "--lang: fr not in {en,zh-TW}",
             "--lang：「fr」不在 {en,zh-TW} 之中"},
        Case{"ArgumentMismatch", "--check: 1 required TEXT missing", "--check：缺少值"},
        Case{"ConversionError", "Could not convert: --top = x", "--top：無法接受「x」"}));

TEST(Usage, AnUnknownMessageIsShownBehindWordsOfOurs) {
  EXPECT_EQ(usage_words("OddError", "odd").zh_tw, "輸入的內容有誤（odd）");
  EXPECT_EQ(usage_report("OddError", "odd").en, "odd\nRun with --help for more information.\n");
}

}  // namespace
}  // namespace assay::cli
