#include "cli/terminal/grid.h"

#include <gtest/gtest.h>

namespace assay::cli {
namespace {

Grid hosts() {
  Grid grid;
  grid.headings = {{"host", {"Host", "主機"}}, {"open", {"Open", "未解決"}, true}, {"id", {}}};
  grid.rows = {{cell("web-1"), cell("12"), cell("a1")}, {cell("資料庫"), cell("3"), cell("b2")}};
  return grid;
}

Screen screen(Language language, std::size_t columns = 80) {
  return {columns, false, language};
}

TEST(Table, AlignsColumnsAndNumbers) {
  EXPECT_EQ(to_table(hosts(), screen(Language::kEnglish)),
            "Host    Open\n"
            "web-1     12\n"
            "資料庫     3\n");
}

TEST(Table, HeadingsFollowTheLanguage) {
  EXPECT_EQ(to_table(hosts(), screen(Language::kChinese)),
            "主機    未解決\n"
            "web-1       12\n"
            "資料庫       3\n");
}

TEST(Table, WrapsTheWidestColumnOnANarrowScreen) {
  Grid grid;
  grid.headings = {{"id", {"Id", "編號"}}, {"title", {"Title", "標題"}}};
  grid.rows = {{cell("PWD-MINLEN"), cell("Passwords may be shorter than allowed")}};
  EXPECT_EQ(to_table(grid, screen(Language::kEnglish, 36)),
            "Id          Title\n"
            "PWD-MINLEN  Passwords may be shorter\n"
            "            than allowed\n");
}

TEST(Table, PaintsOnlyWhereColoursAreWanted) {
  Grid grid;
  grid.headings = {{"s", {"S", "S"}}};
  grid.rows = {{cell("high", "high", Colour::kRed)}};
  Screen coloured{80, true, Language::kEnglish};
  EXPECT_NE(to_table(grid, coloured).find("\x1b[31mhigh\x1b[0m"), std::string::npos);
  EXPECT_EQ(to_table(grid, screen(Language::kEnglish)).find('\x1b'), std::string::npos);
}

TEST(Table, IsEmptyWithoutRows) {
  EXPECT_EQ(to_table(Grid{hosts().headings, {}}, screen(Language::kEnglish)), "");
}

TEST(Csv, HasAByteOrderMarkEveryColumnAndStableNames) {
  EXPECT_EQ(to_csv(hosts()),
            "\xEF\xBB\xBFhost,open,id\r\n"
            "web-1,12,a1\r\n"
            "資料庫,3,b2\r\n");
}

TEST(Csv, QuotesWhatNeedsIt) {
  EXPECT_EQ(csv_cell("a,b"), "\"a,b\"");
  EXPECT_EQ(csv_cell("say \"hi\""), "\"say \"\"hi\"\"\"");
  EXPECT_EQ(csv_cell("two\nlines"), "\"two\nlines\"");
}

TEST(Csv, IsAlwaysUtf8) {
  EXPECT_EQ(csv_cell("林\xFF\xC3("), "林\xEF\xBF\xBD\xEF\xBF\xBD(");
}

TEST(Csv, ACellIsNeverAFormula) {
  EXPECT_EQ(csv_cell("=HYPERLINK(\"x\")"), "\"'=HYPERLINK(\"\"x\"\")\"");
  EXPECT_EQ(csv_cell("+1"), "'+1");
  EXPECT_EQ(csv_cell("@cmd"), "'@cmd");
  EXPECT_EQ(csv_cell("-2+3"), "'-2+3");
  EXPECT_EQ(csv_cell("-42"), "-42") << "a plain number stays one";
}

}  // namespace
}  // namespace assay::cli
