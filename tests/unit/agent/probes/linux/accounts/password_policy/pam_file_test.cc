#include "agent/probes/linux/accounts/password_policy/pam_file.h"

#include <gtest/gtest.h>

namespace assay::agent {
namespace {

std::vector<PamLine> lines_of(std::string_view text) {
  auto lines = parse_pam_file(text, PamFileFormat::kService);
  EXPECT_TRUE(lines.has_value());
  return lines.value_or(std::vector<PamLine>());
}

TEST(PamFile, ReadsTypeControlModuleAndArguments) {
  const auto lines = lines_of("password\trequisite\t\tpam_pwquality.so retry=3 minlen=12\n");
  ASSERT_EQ(lines.size(), 1U);
  EXPECT_EQ(lines[0].kind, PamLine::Kind::kModule);
  EXPECT_EQ(lines[0].type, PamType::kPassword);
  EXPECT_EQ(lines[0].target, "pam_pwquality.so");
  EXPECT_EQ(lines[0].arguments, (std::vector<std::string>{"retry=3", "minlen=12"}));
  EXPECT_EQ(lines[0].line, 1);
}

TEST(PamFile, SkipsCommentsAndBlankLinesButCountsThem) {
  const auto lines = lines_of("#%PAM-1.0\n\n   # more\nauth required pam_unix.so # nullok\n");
  ASSERT_EQ(lines.size(), 1U);
  EXPECT_EQ(lines[0].line, 4);
  EXPECT_TRUE(lines[0].arguments.empty());
}

TEST(PamFile, JoinsContinuedLinesUnderTheFirstLineNumber) {
  const auto lines = lines_of(
      "password required pam_pwquality.so \\\n   minlen=14 \\\n# comment between\n"
      "   ucredit=-1\nauth required pam_deny.so\n");
  ASSERT_EQ(lines.size(), 2U);
  EXPECT_EQ(lines[0].arguments, (std::vector<std::string>{"minlen=14", "ucredit=-1"}));
  EXPECT_EQ(lines[0].line, 1);
  EXPECT_EQ(lines[1].line, 5);
}

TEST(PamFile, DoesNotLoseALineThatEndsTheFileWithABackslash) {
  const auto lines = lines_of("auth required pam_unix.so nullok \\");
  ASSERT_EQ(lines.size(), 1U);
  EXPECT_EQ(lines[0].arguments, (std::vector<std::string>{"nullok"}));
}

TEST(PamFile, ReadsBracketedArgumentsAsOneWord) {
  const auto lines = lines_of("auth required pam_exec.so [a b] [c\\]d]\n");
  ASSERT_EQ(lines.size(), 1U);
  EXPECT_EQ(lines[0].arguments, (std::vector<std::string>{"a b", "c]d"}));
}

TEST(PamFile, SeesALeadingDash) {
  const auto lines = lines_of("-auth sufficient pam_sss.so\n");
  ASSERT_EQ(lines.size(), 1U);
  EXPECT_TRUE(lines[0].may_be_missing);
  EXPECT_EQ(lines[0].type, PamType::kAuth);
}

TEST(PamFile, TellsTheThreeKindsOfIncludeApart) {
  const auto lines =
      lines_of("@include common-auth\nauth include system-auth\nauth SUBSTACK system-auth\n");
  ASSERT_EQ(lines.size(), 3U);
  EXPECT_EQ(lines[0].kind, PamLine::Kind::kAtInclude);
  EXPECT_EQ(lines[1].kind, PamLine::Kind::kInclude);
  EXPECT_EQ(lines[2].kind, PamLine::Kind::kSubstack);
  EXPECT_EQ(lines[2].target, "system-auth");
}

TEST(PamFile, MarksALineWithAWrongTypeOrWithoutModule) {
  const auto lines = lines_of("passwrd required pam_unix.so\nauth required\n@include\n");
  ASSERT_EQ(lines.size(), 3U);
  for (const auto& line : lines) EXPECT_EQ(line.kind, PamLine::Kind::kMalformed);
}

TEST(PamFile, ReadsTheServiceColumnOfPamConf) {
  const auto lines = parse_pam_file("login auth required pam_unix.so\n", PamFileFormat::kPamConf);
  ASSERT_TRUE(lines.has_value());
  ASSERT_EQ(lines->size(), 1U);
  EXPECT_EQ((*lines)[0].service, "login");
  EXPECT_EQ((*lines)[0].type, PamType::kAuth);
}

TEST(PamFile, RefusesBinaryAndNamesTheLine) {
  const auto lines = parse_pam_file(std::string_view("auth x\n\x7f"
                                                     "ELF\0\1",
                                                     13),
                                    PamFileFormat::kService);
  ASSERT_FALSE(lines.has_value());
  EXPECT_EQ(lines.error().code(), Code::kInvalidData);
  EXPECT_NE(lines.error().message().find("line 2"), std::string::npos);
}

TEST(PamFile, AcceptsTextOfAnyLanguageInComments) {
  EXPECT_EQ(lines_of("# 通行碼規則 \xff\nauth required pam_unix.so\n").size(), 1U);
}

TEST(PamControl, TranslatesTheFourKeywords) {
  using Kind = PamAction::Kind;
  EXPECT_EQ(PamControl::parse("required").on(PamResult::kAuthErr).kind, Kind::kBad);
  EXPECT_EQ(PamControl::parse("Requisite").on(PamResult::kAuthErr).kind, Kind::kDie);
  EXPECT_EQ(PamControl::parse("sufficient").on(PamResult::kSuccess).kind, Kind::kDone);
  EXPECT_EQ(PamControl::parse("optional").on(PamResult::kAuthErr).kind, Kind::kIgnore);
}

TEST(PamControl, ReadsPairsWithDefaultForTheRest) {
  const auto control = PamControl::parse("success=2  new_authtok_reqd = done default=ignore");
  EXPECT_EQ(control.on(PamResult::kSuccess), (PamAction{PamAction::Kind::kJump, 2}));
  EXPECT_EQ(control.on(PamResult::kNewAuthtokReqd).kind, PamAction::Kind::kDone);
  EXPECT_EQ(control.on(PamResult::kAuthErr).kind, PamAction::Kind::kIgnore);
}

TEST(PamControl, FailsWhateverHappensWhenItIsWrong) {
  for (const auto* text : {"success", "success=", "succes=ok", "success=0", "success=-1", "ok"}) {
    const auto control = PamControl::parse(text);
    EXPECT_FALSE(control.is_valid()) << text;
    EXPECT_EQ(control.on(PamResult::kSuccess).kind, PamAction::Kind::kBad) << text;
  }
}

}  // namespace
}  // namespace assay::agent
