#include "evidence/refusal.h"

#include <gtest/gtest.h>

#include <cerrno>

namespace assay {
namespace {

std::string chinese(const Error& error) {
  return error.in(Language::kChinese);
}

TEST(Refusal, IsSaidInBothLanguagesWithTheSameValues) {
  const Status refused = refuse(Code::kUsage, {"{}: more than {}", "{}：超過 {} 項"}, "hosts", 3U);
  EXPECT_EQ(refused.error().code(), Code::kUsage);
  EXPECT_EQ(refused.error().message(), "hosts: more than 3");
  EXPECT_EQ(refused.error().in(Language::kEnglish), "hosts: more than 3");
  EXPECT_EQ(chinese(refused.error()), "hosts：超過 3 項");
}

TEST(Refusal, ALanguageMayOrderTheValuesItsOwnWay) {
  const auto text = phrase({"{} asks for {}", "{1} 為 {0} 所要求"}, "idb-isp", "PWD-MINLEN");
  EXPECT_EQ(text.en, "idb-isp asks for PWD-MINLEN");
  EXPECT_EQ(text.zh_tw, "PWD-MINLEN 為 idb-isp 所要求");
}

TEST(Refusal, AValueMayBeWordsOfItsOwn) {
  const auto text = phrase({"it is {}", "狀態：{}"}, Text{"ended", "已屆期"});
  EXPECT_EQ(text.en, "it is ended");
  EXPECT_EQ(text.zh_tw, "狀態：已屆期");
}

TEST(Refusal, AValueIsNotReadForPlaces) {
  EXPECT_EQ(phrase({"no host {}", "找不到主機 {}"}, "{0}{}{").zh_tw, "找不到主機 {0}{}{");
}

TEST(Refusal, ContextGoesInFrontInBothLanguages) {
  const Error error(Code::kUsage, phrase({"is missing", "未填寫"}));
  EXPECT_EQ(error.within("until").message(), "until: is missing");
  EXPECT_EQ(chinese(error.within("until")), "until：未填寫");
  EXPECT_EQ(chinese(error.within(phrase({"the query", "查詢"}))), "查詢：未填寫");
}

TEST(Refusal, WhatIsInEnglishAloneStandsBehindWhatItsCodeMeans) {
  const Error error(Code::kIo, "disk I/O error");
  EXPECT_EQ(chinese(error), "讀寫失敗（disk I/O error）");
  EXPECT_EQ(chinese(error.within("a.sqlite")), "讀寫失敗（a.sqlite: disk I/O error）");
  EXPECT_EQ(chinese(error.within(phrase({"the store", "資料庫"}))),
            "資料庫：讀寫失敗（disk I/O error）");
  EXPECT_EQ(chinese(Error(Code::kConfiguration, "a:1: b\na:2: c")),
            "設定檔或內容檔有誤：\na:1: b\na:2: c");
  for (int code = 0; code <= static_cast<int>(Code::kInternal); ++code)
    EXPECT_TRUE(reads_as_chinese(chinese(Error(static_cast<Code>(code), "x"))));
}

TEST(Refusal, TheSystemsErrorsAreTold) {
  EXPECT_EQ(chinese(system_error(ENOENT, "/x")), "/x：沒有這個檔案或目錄");
  const auto opening = phrase({"opening {}", "開啟 {}"}, "/x");
  EXPECT_EQ(system_error(EACCES, opening).message(), "opening /x: Permission denied");
  EXPECT_EQ(chinese(system_error(EACCES, opening)), "開啟 /x：權限不足");
  EXPECT_EQ(chinese(system_error(EPROTO, opening)), "開啟 /x：讀寫失敗（Protocol error）");
}

TEST(Refusal, ChineseHasChineseAndNoEnglishSentence) {
  EXPECT_TRUE(reads_as_chinese("找不到主機 web-1"));
  EXPECT_TRUE(reads_as_chinese("請執行「assay login URL --token-file FILE」"));
  EXPECT_TRUE(reads_as_chinese("state：只能是 open、waived、resolved 或 all"));
  EXPECT_FALSE(reads_as_chinese("no host web-1"));
  EXPECT_FALSE(reads_as_chinese("找不到：there is no such host"));
  EXPECT_FALSE(reads_as_chinese(""));
}

}  // namespace
}  // namespace assay
