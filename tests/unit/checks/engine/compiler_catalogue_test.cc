#include <gtest/gtest.h>

#include "checks/engine/compiler.h"

namespace assay::checks {
namespace {

// A catalogue of one control, to which `more` is added at line 9.
std::string catalogue(std::string_view more, std::string_view mode = "automated") {
  return "framework: test\nedition: \"2026\"\ntitle: {en: T, zh-TW: 測試}\n"
         "source: {en: T, zh-TW: 測試}\ncontrols_in_document: 1\ncontrols:\n"
         "  - {id: \"1\", title: {en: One, zh-TW: 一}, gist: {en: G, zh-TW: 要旨},\n     mode: " +
         std::string(mode) + ", location: {en: L, zh-TW: 位置},\n     " + std::string(more) + "}\n";
}

Result<Content> compiled(std::string_view text) {
  Compiler compiler;
  compiler.add(text, "test.yaml");
  return std::move(compiler).finish();
}

std::string problems(std::string_view more, std::string_view mode = "automated") {
  const auto content = compiled(catalogue(more, mode));
  return content ? "" : content.error().message();
}

TEST(CompilerCatalogue, ReadsWhomWhenAndWhyNot) {
  const auto content = compiled(catalogue(
      "applies_to: {grades: [A, C], kinds: [internet-order], profiles: [pc], core_only: true, "
      "by_grade: true, advanced: true, basis: {en: the Act, zh-TW: 某法}}, "
      "effective: 2022-01-31, not_mapped: {en: Paper, zh-TW: 書面}",
      "manual"));
  ASSERT_TRUE(content) << content.error().message();
  const auto& control = content->frameworks.front().controls.front();
  EXPECT_EQ(control.applies_to.grades, (std::vector<std::string>{"A", "C"}));
  EXPECT_EQ(control.effective, "2022-01-31");
  EXPECT_EQ(control.not_mapped.zh_tw, "書面");
  EXPECT_EQ(
      words_for(control.applies_to).en,
      "agencies of grade A, C; securities firms that take orders over the internet; PCs; core "
      "systems; as far as the organisation's own grade asks; advanced measure (◎); by the Act");
  EXPECT_EQ(words_for(control.applies_to).zh_tw,
            "資通安全責任等級 A、C 級機關；網際網路下單證券商；個人電腦；核心資通系統；"
            "依所屬資安等級辦理；進階項目（◎）；依據某法");
}

TEST(CompilerCatalogue, WhatIsNotLimitedSaysNothing) {
  const auto content = compiled(catalogue("frequency: monthly"));
  ASSERT_TRUE(content) << content.error().message();
  const auto& control = content->frameworks.front().controls.front();
  EXPECT_TRUE(control.applies_to.is_empty());
  EXPECT_EQ(words_for(control.applies_to).en, "");
  EXPECT_EQ(control.effective, "");
}

TEST(CompilerCatalogue, ReadsBackFromItsCompiledForm) {
  const auto content = compiled(catalogue(
      "applies_to: {grades: [C], kinds: [government], core_only: true, basis: {en: B, zh-TW: 法}}, "
      "effective: 2023-01-31, not_mapped: {en: N, zh-TW: 無}"));
  ASSERT_TRUE(content) << content.error().message();
  const auto again = content_from_json(to_json(*content));
  ASSERT_TRUE(again) << again.error().message();
  EXPECT_EQ(to_json(*again), to_json(*content));
  const auto& control = again->frameworks.front().controls.front();
  EXPECT_EQ(words_for(control.applies_to).en,
            "agencies of grade C; government agencies; core systems; by B");
  EXPECT_EQ(control.effective, "2023-01-31");
  EXPECT_EQ(control.not_mapped.en, "N");
}

// The catalogue in force since `day`.
std::string catalogue_of(std::string_view day, std::string_view more) {
  auto text = catalogue(more);
  return text.insert(text.find("title:"), "effective: " + std::string(day) + "\n");
}

TEST(CompilerCatalogue, AControlIsInForceSinceItsOwnDayOrThatOfTheEdition) {
  for (const auto& [more, day] : {std::pair{"effective: 2023-01-31", "2023-01-31"},
                                  std::pair{"frequency: yearly", "2021-12-23"}}) {
    const auto content = compiled(catalogue_of("2021-12-23", more));
    ASSERT_TRUE(content) << content.error().message();
    const auto again = content_from_json(to_json(*content));
    ASSERT_TRUE(again) << again.error().message();
    const auto& framework = again->frameworks.front();
    EXPECT_EQ(framework.effective_of(framework.controls.front()), day);
  }
  const auto wrong = compiled(catalogue_of("2021-12", "frequency: yearly"));
  ASSERT_FALSE(wrong);
  EXPECT_EQ(wrong.error().message(), "test.yaml:3: \"2021-12\" is not a date like 2026-11-21");
}

TEST(CompilerCatalogue, ReadsByWhenWhomItIsAddressedToMustHaveDoneIt) {
  const auto content = compiled(
      catalogue("deadlines: [{for: {en: grade 1, zh-TW: 第一級}, by: 2022-12-31}, {for: {en: grade "
                "2, zh-TW: 第二級}, by: 2023-12-31}]"));
  ASSERT_TRUE(content) << content.error().message();
  const auto again = content_from_json(to_json(*content));
  ASSERT_TRUE(again) << again.error().message();
  const auto& deadlines = again->frameworks.front().controls.front().deadlines;
  ASSERT_EQ(deadlines.size(), 2U);
  EXPECT_EQ(deadlines[1].who.zh_tw, "第二級");
  EXPECT_EQ(deadlines[1].by, "2023-12-31");
  EXPECT_EQ(problems("deadlines: [{for: {en: all, zh-TW: 全部}, by: 2022}]"),
            "test.yaml:9: \"2022\" is not a date like 2026-11-21");
}

TEST(CompilerCatalogue, AManualControlSaysWhyNoCheckDecidesIt) {
  EXPECT_EQ(problems("frequency: yearly", "manual"),
            "test.yaml:7: a manual control says why no check decides it (not_mapped)");
  EXPECT_EQ(problems("not_mapped: {en: Paper}", "manual"),
            "test.yaml:9: the key \"zh-TW\" is missing");
  EXPECT_EQ(problems("not_mapped: {en: \"\", zh-TW: 書面}", "manual"), "test.yaml:9: en is empty");
}

TEST(CompilerCatalogue, AWordThatIsNoModeAsksForNothingElse) {
  EXPECT_EQ(problems("frequency: yearly", "manuel"),
            "test.yaml:8: \"manuel\" is no mode; did you mean \"manual\"?");
}

TEST(CompilerCatalogue, RefusesWordsThatAreNotOnItsLists) {
  EXPECT_EQ(problems("applies_to: {grades: [F]}"),
            "test.yaml:9: \"F\" is no grade; the known ones are A, B, C, D, E");
  EXPECT_EQ(problems("applies_to: {kinds: [internet-orders]}"),
            "test.yaml:9: \"internet-orders\" is no kind of organisation; did you mean "
            "\"internet-order\"?");
  EXPECT_EQ(problems("applies_to: {profiles: [servers]}"),
            "test.yaml:9: \"servers\" is no profile; did you mean \"server\"?");
  EXPECT_EQ(problems("applies_to: {core-only: true}"),
            "test.yaml:9: applies_to limits nothing; leave it out\n"
            "test.yaml:9: unknown key \"core-only\"; did you mean \"core_only\"?");
  EXPECT_EQ(problems("frequency: weekly"), "test.yaml:9: \"weekly\" is no frequency");
}

TEST(CompilerCatalogue, RefusesListsThatMeanNothing) {
  EXPECT_EQ(problems("applies_to: {core_only: true, grades: []}"),
            "test.yaml:9: an empty list limits nothing; leave it out");
  EXPECT_EQ(problems("applies_to: {grades: [C, C]}"), "test.yaml:9: \"C\" is there twice");
  EXPECT_EQ(problems("applies_to: {core_only: true, grades: C}"),
            "test.yaml:9: a list is expected here");
  EXPECT_EQ(problems("applies_to: {core_only: false}"),
            "test.yaml:9: applies_to limits nothing; leave it out");
  EXPECT_EQ(problems("applies_to: [A]"), "test.yaml:9: keys and values are expected here");
}

TEST(CompilerCatalogue, RefusesWhatIsNeitherTrueNorFalse) {
  for (const std::string word : {"yes", "1", "\"true\"", "[true]", "~"})
    EXPECT_EQ(problems("applies_to: {grades: [A], by_grade: " + word + "}"),
              "test.yaml:9: true or false is expected here")
        << word;
}

TEST(CompilerCatalogue, RefusesADayThatIsNone) {
  EXPECT_EQ(problems("effective: 2022-02-30"),
            "test.yaml:9: \"2022-02-30\" is not a date like 2026-11-21");
  EXPECT_EQ(problems("effective: 111-01-31"),
            "test.yaml:9: \"111-01-31\" is not a date like 2026-11-21");
}

}  // namespace
}  // namespace assay::checks
