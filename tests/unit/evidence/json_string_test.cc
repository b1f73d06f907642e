#include <gtest/gtest.h>

#include "evidence/canonical.h"
#include "evidence/limits.h"

namespace assay::evidence {
namespace {

using namespace std::string_literals;

std::string written(std::string_view text) {
  std::string out;
  append_json_string(out, text);
  return out;
}

// Passing over it must come to the same.
Result<std::string> read_whole(std::string_view json) {
  std::size_t at = 0;
  auto text = read_json_string(json, &at);
  std::size_t passed_to = 0;
  const auto passed = pass_json_string(json, &passed_to);
  EXPECT_EQ(passed.has_value(), text.has_value()) << json;
  EXPECT_EQ(passed_to, at) << json;
  if (!passed && !text) {
    EXPECT_EQ(passed.error().message(), text.error().message());
  }
  if (text && at != json.size()) return fail(Code::kInvalidData, "more follows");
  return text;
}

TEST(JsonString, EscapesWhatRfc8785Escapes) {
  EXPECT_EQ(written("plain"), R"("plain")");
  EXPECT_EQ(written("\"\\/"), R"("\"\\/")");
  EXPECT_EQ(written("\b\t\n\f\r"), R"("\b\t\n\f\r")");
  EXPECT_EQ(written("\x01\x1f\x7f"), "\"\\u0001\\u001f\x7f\"");
  EXPECT_EQ(written("\0"s), R"("\u0000")");
}

TEST(JsonString, LeavesUtf8AsItIs) {
  EXPECT_EQ(written("資安 é 🛡"), "\"資安 é 🛡\"");
}

TEST(JsonString, EscapesBytesThatAreNotUtf8OneByOne) {
  EXPECT_EQ(written("a\xff"), R"("a\udcff")");
  EXPECT_EQ(written("\xc0\xaf"), R"("\udcc0\udcaf")");                      // overlong
  EXPECT_EQ(written("\xed\xa0\x80"), R"("\udced\udca0\udc80")");            // a surrogate
  EXPECT_EQ(written("\xf4\x90\x80\x80"), R"("\udcf4\udc90\udc80\udc80")");  // beyond U+10FFFF
  EXPECT_EQ(written("\xe8\xb3"), R"("\udce8\udcb3")");                      // cut in the middle
}

TEST(JsonString, ReadsBackEveryPairOfBytes) {
  for (int first = 0; first < 256; ++first)
    for (int second = 0; second < 256; ++second) {
      const std::string text{static_cast<char>(first), static_cast<char>(second)};
      ASSERT_EQ(read_whole(written(text)).value(), text) << first << " " << second;
    }
}

TEST(JsonString, FindsASpecialByteWhereverItStands) {
  for (int byte = 0; byte < 256; ++byte)
    for (std::size_t at = 0; at < 24; ++at) {
      std::string text(24, 'x');
      text[at] = static_cast<char>(byte);
      const std::string alone = written(text.substr(at, 1));
      const std::string expected = "\"" + text.substr(0, at) + alone.substr(1, alone.size() - 2) +
                                   text.substr(at + 1) + "\"";
      ASSERT_EQ(written(text), expected) << byte << " at " << at;
      ASSERT_EQ(read_whole(expected).value(), text) << byte << " at " << at;
    }
}

TEST(JsonString, RefusesAnyOtherSpelling) {
  for (const char* json :
       {R"("\u0041")", R"("\/")", R"("\u000a")", R"("\u001F")", R"("\uDCFF")", R"("\udc7f")",
        R"("\ud800")", R"("\u00e9")", R"("\udce8\udcb3\udc87")", "\"a\nb\"", "\"\xff\"", R"("a)",
        R"(a")", "", R"("\)", R"("\u00)", R"("\x41")", R"('a')"})
    EXPECT_FALSE(read_whole(json)) << json;
}

TEST(JsonString, HoldsAtMost64KiB) {
  EXPECT_TRUE(read_whole(written(std::string(kMaxCellBytes, 'x'))));
  EXPECT_EQ(read_whole(written(std::string(kMaxCellBytes + 1, 'x'))).error().code(),
            Code::kTooLarge);
  EXPECT_EQ(read_whole(written(std::string(kMaxCellBytes + 1, '\n'))).error().code(),
            Code::kTooLarge);
  EXPECT_EQ(read_whole(written(std::string(kMaxCellBytes - 1, 'x') + "é")).error().code(),
            Code::kTooLarge);
}

}  // namespace
}  // namespace assay::evidence
