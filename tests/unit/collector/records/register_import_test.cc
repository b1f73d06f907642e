#include "collector/records/register_import.h"

#include <gtest/gtest.h>

#include "collector/records/asset_columns.h"
#include "collector/records/register_tables.h"

namespace assay::collector {
namespace {

class RegisterImport : public testing::Test {
 protected:
  RegisterImport() {
    for (const auto& [id, name] : std::vector<std::pair<std::string, std::string>>{
             {"id-1", "web"}, {"id-2", "db"}, {"id-3", "twin"}, {"id-4", "twin"}, {"id-5", "old"}}) {
      Host host;
      host.id = id;
      host.name = name;
      if (name == "old") host.state = HostState::kRevoked;
      hosts_.push_back(host);
    }
  }
  // The plan for a CSV file; what is wrong with it is in problems_.
  ImportPlan plan(std::string_view csv) {
    problems_ = {};
    const auto rows = read_register_csv(csv, &problems_);
    EXPECT_TRUE(rows) << rows.error().message();
    return plan_import(rows.value_or(std::vector<ImportRow>()), HostFinder(hosts_), entries_,
                       &problems_);
  }
  std::string refusal(std::string_view csv) {
    const auto rows = read_register_csv(csv, &problems_);
    return rows ? "no refusal" : rows.error().message();
  }
  void record(const std::string& host_id, const std::string& fields) {
    entries_[host_id].host_id = host_id;
    entries_[host_id].fields = fields;
    entries_[host_id].number = 1;
  }

  std::vector<Host> hosts_;
  std::map<std::string, RegisterEntry> entries_;
  ImportProblems problems_;
};

TEST_F(RegisterImport, ARowIsMatchedByNameOrIdAndSaysWhatChanges) {
  const auto planned = plan("host,owner,is_core,groups\nWEB,陳美玲,是,\"dmz;web\"\nid-2,,0,\n");
  EXPECT_TRUE(problems_.empty()) << problems_.text().en;
  ASSERT_EQ(planned.changes.size(), 2U);
  EXPECT_EQ(planned.changes[0].host->id, "id-1");
  EXPECT_EQ(planned.changes[0].after.fields, R"({"owner":"陳美玲","is_core":1})");
  EXPECT_EQ(planned.changes[0].after.groups, (std::vector<std::string>{"dmz", "web"}));
  const auto changed = differences(planned.changes[1].before, planned.changes[1].after);
  ASSERT_EQ(changed.size(), 1U);
  EXPECT_EQ(changed[0].field, "is_core");
  EXPECT_EQ(changed[0].before, "");
  EXPECT_EQ(changed[0].after, "0");
}

TEST_F(RegisterImport, AnEmptyCellClearsAndAColumnThatIsNotThereLeavesAlone) {
  record("id-1", R"({"owner":"A","zone":"dmz"})");
  const auto planned = plan("host,owner\nweb,\n");
  EXPECT_EQ(planned.changes.at(0).after.fields, R"({"zone":"dmz"})");
  EXPECT_EQ(plan("host,owner\nweb,A\n").unchanged, 1U);
}

TEST_F(RegisterImport, HeadingsOfTheFormAreUnderstoodInBothLanguages) {
  const auto planned = plan(
      "主機,資通系統及資訊名稱,核心資通系統,機密性,環境,檢視日期,防護需求等級,IP 位址\n"
      "web,官網,否,高,正式,2026/1/5,高,192.0.2.1\n");
  EXPECT_TRUE(problems_.empty()) << problems_.text().en;
  EXPECT_EQ(planned.changes.at(0).after.fields,
            R"({"system_name":"官網","environment":"production","is_core":0,)"
            R"("confidentiality":3,"reviewed":"2026-01-05"})");
}

TEST_F(RegisterImport, WhatAnExportKeptFromBeingAFormulaComesBackAsItWas) {
  EXPECT_EQ(plan("host,location\nweb,'=3F+1\n").changes.at(0).after.fields,
            R"({"location":"=3F+1"})");
  EXPECT_EQ(plan("host,location\nweb,'s-Hertogenbosch\n").changes.at(0).after.fields,
            R"({"location":"'s-Hertogenbosch"})");
  EXPECT_EQ(plan("host,location\nweb,=cmd|'/C calc'!A0\n").changes.at(0).after.fields,
            R"({"location":"=cmd|'/C calc'!A0"})")
      << "a formula is a text like any other";
}

TEST_F(RegisterImport, BadCellsAreToldWithTheirLinesAndAllAtOnce) {
  const auto planned = plan(
      "host,is_core,confidentiality,reviewed,environment\nweb,maybe,4,2026-02-30,prod\n,,,,x\n"
      "db,1,1,,,,\n");
  EXPECT_TRUE(planned.changes.empty());
  EXPECT_EQ(problems_.text().en,
            "line 2: is_core: \"maybe\" is not 1 (yes) or 0 (no)\n"
            "line 2: confidentiality: \"4\" is not a grade from 1 (ordinary) to 3 (high)\n"
            "line 2: reviewed: \"2026-02-30\" is no day; write 2026-11-21\n"
            "line 2: environment: \"prod\" is not production, test or development\n"
            "line 3: environment: \"x\" is not production, test or development\n"
            "line 3: host: is missing\n"
            "line 4: more cells than the first line has columns");
  EXPECT_TRUE(problems_.text().zh_tw.starts_with(
      "第 2 行：is_core：「maybe」不是 1（是）或 0（否）\n"
      "第 2 行：confidentiality：「4」不是 1（普）至 3（高）的等級\n"))
      << problems_.text().zh_tw;
}

TEST_F(RegisterImport, AHostTwiceOrAnAmbiguousNameIsAProblem) {
  const auto planned = plan("host,owner\nweb,A\nid-1,B\ntwin,C\nnew,D\nNEW,E\n");
  EXPECT_EQ(planned.changes.size(), 1U);
  EXPECT_EQ(problems_.text().en,
            "line 3: host: id-1 is in line 2 already\n"
            "line 4: host: several hosts are called twin; name the one you mean by its id\n"
            "line 6: host: NEW is in line 5 already");
}

TEST_F(RegisterImport, RowsWithoutAnEnrolledHostAreKeptApart) {
  const auto planned = plan("host,owner\nprinter,A\nold,B\n");
  EXPECT_TRUE(problems_.empty());
  ASSERT_EQ(planned.unmatched.size(), 2U) << "a revoked host is not enrolled";
  EXPECT_EQ(planned.unmatched[0].host, "printer");
  EXPECT_EQ(planned.unmatched[0].line, 2U);
}

TEST_F(RegisterImport, AFileWithoutHostOrWithAnUnknownColumnIsRefused) {
  EXPECT_EQ(refusal("owner\nA\n"),
            "line 1: no column is called host; the first line names the columns");
  EXPECT_EQ(refusal("host,ownr\nweb,A\n"),
            "line 1: no column of the register is called \"ownr\"; did you mean \"owner\"?");
  EXPECT_EQ(refusal("host,owner,擁有者\nweb,A,B\n"), "line 1: two columns are owner");
  EXPECT_EQ(refusal(""), "the file is empty");
}

TEST_F(RegisterImport, ManyRowsAreReadAndTooManyRefused) {
  std::string csv = "host,owner\n";
  for (std::size_t i = 0; i < kMaxImportRows; ++i) csv += "h" + std::to_string(i) + ",x\n";
  EXPECT_EQ(plan(csv).unmatched.size(), kMaxImportRows);
  csv += "one-more,x\n";
  EXPECT_EQ(refusal(csv), "more than 100000 rows");
}

TEST_F(RegisterImport, ManyProblemsAreCountedAndTheFirstTold) {
  std::string csv = "host,is_core\n";
  for (int i = 0; i < 150; ++i) csv += "web,maybe\n";
  (void)plan(csv);
  EXPECT_TRUE(problems_.text().en.ends_with("\nand 50 more")) << problems_.text().en;
}

TEST_F(RegisterImport, JsonIsAListOfObjects) {
  const auto rows = read_register_json(
      R"([{"host":"web","owner":"A","is_core":true,"confidentiality":2,"groups":["b","a"],
           "zone":null}])",
      &problems_);
  ASSERT_TRUE(rows) << rows.error().message();
  const auto planned = plan_import(*rows, HostFinder(hosts_), entries_, &problems_);
  EXPECT_EQ(planned.changes.at(0).after.fields,
            R"({"owner":"A","is_core":1,"confidentiality":2})");
  EXPECT_EQ(planned.changes[0].after.groups, (std::vector<std::string>{"a", "b"}));
  for (const auto* bad : {"{}", "nonsense", "[", R"([{"host":{"a":{"b":{"c":{"d":1}}}}}])"})
    EXPECT_FALSE(read_register_json(bad, &problems_)) << bad;
  ImportProblems told;
  (void)read_register_json(R"([1,{"host":"web","owner":1.5},{"host":"web","ownr":"x"},{}])", &told);
  EXPECT_EQ(told.text().en,
            "line 1: is no object\nline 2: owner: neither a text nor a whole number\n"
            "line 3: there is no field \"ownr\"; did you mean \"owner\"?\n"
            "line 4: host: is missing");
}

TEST(RegisterFields, EveryColumnOfTheTableHasALabelOfItsOwn) {
  for (const auto& field : register_fields()) {
    EXPECT_NE(field.label.en, field.name);
    EXPECT_EQ(find_register_field(field.label.en), &field);
    EXPECT_EQ(find_register_field(field.label.zh_tw), &field);
    EXPECT_FALSE(is_asset_fact(field.name));
  }
}

TEST(RegisterFields, AreReadAsTheyAreShown) {
  for (const auto language : {Language::kEnglish, Language::kChinese})
    for (const auto& [name, number] : std::vector<std::pair<std::string, std::int64_t>>{
             {"is_core", 0}, {"is_core", 1}, {"integrity", 1}, {"integrity", 2}, {"integrity", 3}}) {
      const auto& field = *find_register_field(name);
      EXPECT_EQ(field_value(field, field_text(field, number, language)).value(),
                evidence::Value(number));
    }
}

TEST(RegisterFields, TextsAreBoundedAndOnOneLine) {
  const auto& owner = *find_register_field("owner");
  EXPECT_EQ(field_value(owner, " a\r\nb ").value(), evidence::Value("a  b"));
  EXPECT_EQ(field_value(owner, "  ").value(), evidence::Value());
  EXPECT_TRUE(field_value(owner, std::string(kMaxFieldBytes, 'x')));
  EXPECT_FALSE(field_value(owner, std::string(kMaxFieldBytes + 1, 'x')));
  EXPECT_FALSE(groups_in("a," + std::string(kMaxGroupBytes + 1, 'x')));
  EXPECT_EQ(groups_in("b、a, a；c").value(), (std::vector<std::string>{"a", "b", "c"}));
}

TEST(RegisterTables, HaveOneRowOrNone) {
  RegisterEntry entry;
  EXPECT_TRUE(register_table(entry).rows().empty());
  EXPECT_TRUE(groups_table(entry).rows().empty());
  entry.fields = R"({"owner":"A","is_core":1})";
  entry.groups = {"dmz"};
  const auto table = register_table(entry);
  ASSERT_EQ(table.rows().size(), 1U);
  EXPECT_EQ(table.defect(), "");
  EXPECT_EQ(table.at(0, "owner"), evidence::Value("A"));
  EXPECT_EQ(table.at(0, "zone"), evidence::Value());
  EXPECT_EQ(groups_table(entry).at(0, "host_group"), evidence::Value("dmz"));
}

TEST(RegisterTables, EqualEntriesOfTwoHostsHaveEqualTables) {
  RegisterEntry one{.host_id = "1", .fields = R"({"owner":"A"})"};
  RegisterEntry other{.host_id = "2", .fields = R"({"owner":"A"})"};
  EXPECT_EQ(change_to(one)->entry.register_table, change_to(other)->entry.register_table);
  other.fields = R"({"owner":"B"})";
  EXPECT_NE(change_to(one)->entry.register_table, change_to(other)->entry.register_table);
}

TEST(ProtectionNeed, IsTheHighestOfTheGradesThatAreGiven) {
  EXPECT_EQ(protection_need(fields_of("{}")), evidence::Value());
  EXPECT_EQ(protection_need(fields_of(R"({"integrity":1,"availability":3})")),
            evidence::Value(std::int64_t{3}));
}

}  // namespace
}  // namespace assay::collector
