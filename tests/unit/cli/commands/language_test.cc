// What a command refuses is told in the language that was asked for.
#include "evidence/refusal.h"
#include "tests/unit/cli/commands/program.h"

namespace assay::cli {
namespace {

class LanguageOfRefusals : public ProgramTest {
 protected:
  // The line on standard error of a command that fails.
  std::string refusal(std::vector<std::string> arguments, const std::string& language) {
    arguments.insert(arguments.end(), {"--lang", language});
    EXPECT_NE(run(arguments), kDone);
    return err_;
  }
};

TEST_F(LanguageOfRefusals, OfTheCommandLineItself) {
  EXPECT_EQ(refusal({"hosts", "--nonsense"}, "en"),
            "The following argument was not expected: --nonsense\n"
            "Run with --help for more information.\n");
  EXPECT_EQ(refusal({"hosts", "--nonsense"}, "zh-TW"),
            "無法辨識的引數：--nonsense\n加上 --help 可查看說明。\n");
  EXPECT_EQ(refusal({"waiver"}, "zh-TW"), "請指定子命令\n加上 --help 可查看說明。\n");
  EXPECT_EQ(refusal({"hosts", "-o", "xml"}, "zh-TW"),
            "assay：-o xml：沒有這種格式；只能是 table、json、ndjson 或 csv\n");
}

TEST_F(LanguageOfRefusals, OfAFile) {
  const auto missing = folder_ + "/none.csv";
  EXPECT_EQ(refusal({"register", "import", missing}, "en"),
            "assay: " + missing + ": No such file or directory\n");
  EXPECT_EQ(refusal({"register", "import", missing}, "zh-TW"),
            "assay：" + missing + "：沒有這個檔案或目錄\n");
}

TEST_F(LanguageOfRefusals, OfADay) {
  EXPECT_TRUE(refusal({"diff", "--from", "yesterday"}, "zh-TW")
                  .starts_with("assay：--from：「yesterday」：請寫成 2026-11-21"))
      << err_;
}

TEST_F(LanguageOfRefusals, OfACollectorThatSpeaksEnglishAlone) {
  EXPECT_EQ(refusal({"waiver", "show", "W-1"}, "en"), "assay: no /waivers/W-1\n");
  EXPECT_EQ(refusal({"waiver", "show", "W-1"}, "zh-TW"),
            "assay：找不到指定的項目（no /waivers/W-1）\n");
}

}  // namespace
}  // namespace assay::cli
