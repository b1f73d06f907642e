// assay content import: a published list becomes a file of content.
#include "tests/unit/cli/commands/program.h"

namespace assay::cli {
namespace {

constexpr std::string_view kAnswer = R"({"generated_at": "2026-11-21T06:00:00Z", "result": [
  {"name": "tin", "label": "Tin", "category": "lang", "releases": [
    {"name": "3", "isEol": false, "eolFrom": "2027-01-01"},
    {"name": "2", "isEol": true, "eolFrom": "2009-01-01"},
    {"name": "1", "isEol": true, "eolFrom": null}]},
  {"name": "lead", "label": "Lead", "category": "os", "releases": [
    {"name": "7", "isEol": true, "eolFrom": "2001-01-01"}]}]})";

class ContentCommands : public ProgramTest {
 protected:
  std::string answer_ = file("full.json", kAnswer);
};

TEST_F(ContentCommands, ImportedDatesGoToStandardOutputAndOmissionsToStandardError) {
  EXPECT_EQ(run({"content", "import", "endoflife", answer_}), kDone) << err_;
  EXPECT_NE(out_.find("table: eol_cycles\n"), std::string::npos);
  EXPECT_NE(out_.find("{product: \"tin\", cycle: \"3\", security_until: 2027-01-01}"),
            std::string::npos)
      << out_;
  EXPECT_EQ(err_, "ended, but the source names no day: tin 1\n");
}

TEST_F(ContentCommands, ProductsAndAgeAreChosen) {
  EXPECT_EQ(run({"content", "import", "endoflife", answer_, "--product", "tin", "--since",
                 "2012-01-01", "--quiet"}),
            kDone);
  EXPECT_EQ(out_.find("lead"), std::string::npos);
  EXPECT_EQ(out_.find("2009"), std::string::npos);
  EXPECT_EQ(err_, "");
}

// A refresh: the products of the file that is there, from newer data.
TEST_F(ContentCommands, ARefreshKeepsToTheProductsOfTheFile) {
  const auto path = folder_ + "/eol.yaml";
  EXPECT_EQ(run({"content", "import", "endoflife", answer_, "--product", "lead", "-o", path}),
            kDone);
  EXPECT_EQ(out_, "");
  const auto first = content(path);
  EXPECT_EQ(run({"content", "import", "endoflife", answer_, "--products-of", path, "-o", path}),
            kDone)
      << err_;
  EXPECT_EQ(content(path), first);
  EXPECT_EQ(first.find("tin"), std::string::npos);
}

TEST_F(ContentCommands, WrongInputIsNamedWithFileAndPlace) {
  EXPECT_EQ(run({"content", "import", "endoflife", file("x.json", "{")}), kBadData);
  EXPECT_NE(err_.find("x.json: parse error at line 1"), std::string::npos) << err_;
  EXPECT_EQ(run({"content", "import", "endoflife", folder_ + "/none"}), kCannotOpen);
  EXPECT_EQ(run({"content", "import", "endoflife", answer_, "--product", "tim"}), kUsageError);
  EXPECT_NE(err_.find("did you mean \"tin\"?"), std::string::npos) << err_;
  EXPECT_EQ(run({"content", "import", "endoflife", answer_, "--since", "yesterday"}), kUsageError);
  EXPECT_EQ(run({"content", "import", "endoflife", file("d.json", R"({"result": []})")}),
            kUsageError);
  EXPECT_NE(err_.find("--retrieved"), std::string::npos) << err_;
}

TEST_F(ContentCommands, BothListsOfDistroInfoMakeOneTable) {
  const auto debian = file("debian.csv",
                           "version,codename,series,created,release,eol,eol-lts\n"
                           "12,Bookworm,bookworm,2021-08-14,2023-06-10,2026-07-11,2028-06-30\n");
  const auto ubuntu = file("ubuntu.csv",
                           "version,codename,series,created,release,eol,eol-server,eol-esm\n"
                           "25.10,Questing Quokka,questing,2025-04-17,2025-10-09,2026-07-09\n");
  EXPECT_EQ(run({"content", "import", "distro-info", debian, ubuntu, "--retrieved", "2026-11-21"}),
            kDone)
      << err_;
  EXPECT_NE(out_.find("source: \"distro-info-data\"\nretrieved: 2026-11-21\n"), std::string::npos);
  EXPECT_NE(out_.find("cycle: \"25.10\", codename: \"questing\", released: 2025-10-09, "
                      "security_until: 2026-07-09}"),
            std::string::npos)
      << out_;
  EXPECT_EQ(run({"content", "import", "distro-info", debian, debian}), kUsageError);
  EXPECT_EQ(run({"content", "import", "distro-info", file("bad.csv", "a,b\n")}), kBadData);
  EXPECT_NE(err_.find("bad.csv: line 1"), std::string::npos) << err_;
}

}  // namespace
}  // namespace assay::cli
