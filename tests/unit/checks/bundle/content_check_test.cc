#include "checks/bundle/content_check.h"

#include <gtest/gtest.h>

#include <functional>

#include "checks/engine/compiler.h"

namespace assay::checks {
namespace {

constexpr std::string_view kContent = R"(
- id: ACC-A
  title: {en: T, zh-TW: 標題}
  rationale: {en: R, zh-TW: 理由}
  severity: low
  key: [username]
  query: SELECT username FROM users, parameters p WHERE uid < p.limit_uid
  remedy: {en: R, zh-TW: 補救}
  controls:
    - {control: "test:1", proves: full}
- id: ACC-B
  title: {en: T, zh-TW: 標題}
  rationale: {en: R, zh-TW: 理由}
  severity: low
  key: [username]
  applies: SELECT 1 FROM os_version
  query: SELECT username FROM users
  remedy: {en: R, zh-TW: 補救}
)";
constexpr std::string_view kCatalogue =
    "framework: test\nedition: \"1\"\ntitle: {en: T, zh-TW: 標題}\nsource: {en: S, zh-TW: 來源}\n"
    "controls_in_document: 1\ncontrols:\n  - {id: \"1\", title: {en: C, zh-TW: 控制}, gist: "
    "{en: G, zh-TW: 要旨}, mode: automated, location: {en: L, zh-TW: 位置}}\n";
constexpr std::string_view kParameters =
    "table: parameters\nrows:\n  - {name: limit_uid, meaning: {en: M, zh-TW: 意義}, server: 5, "
    "pc: 5, source: own}\n";
constexpr std::string_view kResolvers =
    "table: approved_resolvers\nsource: the company\nretrieved: 2026-11-01\nrows: []\n";

Content sound_content() {
  Compiler compiler;
  for (const auto text : {kContent, kCatalogue, kParameters, kResolvers})
    compiler.add(text, "content.yaml");
  return std::move(compiler).finish().value();
}

TEST(ContentCheck, WhatTheCompilerMakesIsSound) {
  const auto content = content_from_json(to_json(sound_content())).value();
  const auto sound = check_compiled(content);
  EXPECT_TRUE(sound) << sound.error().message();
}

TEST(ContentCheck, EveryBreachIsToldByItsWords) {
  struct Breach {
    std::function<void(Content&)> make;
    std::string words;
  };
  const auto reference = [](Content& content) -> ReferenceTable& {
    return content.references.at("approved_resolvers");
  };
  for (const auto& [make, words] : std::vector<Breach>{
           {[](Content& c) { c.checks.push_back(c.checks[1]); }, "\"ACC-B\" is there twice"},
           {[](Content& c) { std::swap(c.checks[0], c.checks[1]); }, "does not stand in its order"},
           {[](Content& c) { c.checks[0].severity = static_cast<Severity>(9); }, "severity"},
           {[](Content& c) { c.checks[0].profiles = {"mainframe"}; }, "is no profile"},
           {[](Content& c) { c.checks[0].mappings[0].framework = "x"; }, "unknown framework"},
           {[](Content& c) { c.checks[0].mappings[0].control = "9"; }, "has no control \"9\""},
           {[](Content& c) { c.checks[0].mappings[0].proves = static_cast<Proves>(-1); }, "proves"},
           {[](Content& c) { c.checks[0].query = "SELECT username FROM userz"; }, "userz"},
           {[](Content& c) { c.checks[0].query = "DELETE FROM users"; }, "may not be modified"},
           {[](Content& c) { c.checks[0].query.clear(); }, "has no query"},
           {[](Content& c) { c.checks[0].facts = "SELECT uid AS a, uid AS a FROM users"; },
            "two columns of its answer are named \"a\""},
           {[](Content& c) { c.checks[0].query += " AND uid > 1"; }, "its digest"},
           {[](Content& c) { c.checks[0].tables.clear(); }, "reads other tables"},
           {[](Content& c) { c.checks[0].parameters.clear(); }, "reads other tables"},
           {[](Content& c) { c.checks[1].applies_tables.clear(); }, "reads other tables"},
           {[](Content& c) { c.checks[0].key = {"uid"}; }, "no column of the query"},
           {[](Content& c) { c.parameters.clear(); }, "ACC-A"},
           {[](Content& c) { c.frameworks[0].controls.push_back(c.frameworks[0].controls[0]); },
            "the control \"1\" is there twice"},
           {[](Content& c) { c.frameworks[0].controls[0].mode = static_cast<Control::Mode>(7); },
            "no known mode"},
           {[](Content& c) { c.frameworks[0].parameters["pc"]["x"] = {}; }, "unknown parameter"},
           {[&](Content& c) { reference(c).retrieved = "yesterday"; }, "the day of its data"},
           {[&](Content& c) { reference(c).max_age_days = -1; }, "the day of its data"},
           {[&](Content& c) { c.references.emplace("users", reference(c)); }, "no such reference"},
           {[&](Content& c) {
              auto header = reference(c).table->header();
              header.columns.pop_back();
              reference(c).table = std::make_shared<const evidence::Table>(header);
            },
            "its columns are not those"},
       }) {
    auto content = sound_content();
    make(content);
    const auto sound = check_compiled(content);
    ASSERT_FALSE(sound) << words;
    EXPECT_EQ(sound.error().code(), Code::kConfiguration);
    EXPECT_NE(sound.error().message().find(words), std::string::npos) << sound.error().message();
  }
}

TEST(ContentCheck, SaysWhereTheCheckIsFrom) {
  auto content = sound_content();
  content.checks[1].query = "SELECT x FROM users";
  EXPECT_TRUE(check_compiled(content).error().message().starts_with("content.yaml:11: ACC-B: "))
      << check_compiled(content).error().message();
}

}  // namespace
}  // namespace assay::checks
