#include <gtest/gtest.h>
#include <sqlite3.h>

#include <algorithm>
#include <cctype>
#include <memory>
#include <set>
#include <string>
#include <vector>

#include "evidence/limits.h"
#include "evidence/schema.h"

namespace assay::evidence {
namespace {

bool is_name(const std::string& text) {
  const auto is_lower = [](char c) { return c >= 'a' && c <= 'z'; };
  const auto is_rest = [&](char c) { return is_lower(c) || (c >= '0' && c <= '9') || c == '_'; };
  return !text.empty() && text.size() <= kMaxNameBytes && is_lower(text.front()) &&
         std::ranges::all_of(text, is_rest);
}

bool is_in_both_languages(const Text& text) {
  const auto is_beyond_ascii = [](char c) { return static_cast<unsigned char>(c) >= 0x80; };
  return !text.en.empty() && std::ranges::none_of(text.en, is_beyond_ascii) &&
         std::ranges::any_of(text.zh_tw, is_beyond_ascii);
}

// Whether `word` stands in `sql` between characters that cannot belong to a name.
bool has_word(const std::string& sql, const std::string& word) {
  const auto is_part = [](char c) {
    return std::isalnum(static_cast<unsigned char>(c)) || c == '_';
  };
  for (auto at = sql.find(word); at != std::string::npos; at = sql.find(word, at + 1)) {
    const auto end = at + word.size();
    if ((at == 0 || !is_part(sql[at - 1])) && (end == sql.size() || !is_part(sql[end])))
      return true;
  }
  return false;
}

TEST(Registry, IsSortedAndHasEveryNameOnce) {
  std::vector<std::string> names;
  for (const auto* table : all_tables()) names.push_back(table->name);
  EXPECT_TRUE(std::ranges::is_sorted(names));
  EXPECT_EQ(std::ranges::adjacent_find(names), names.end());
}

TEST(Registry, FindsEachTableByNameAndNothingElse) {
  for (const auto* table : all_tables()) EXPECT_EQ(find_table(table->name), table);
  for (const auto* name : {"", "aaa", "user", "users2", "zzz", "USERS", "parameters"})
    EXPECT_EQ(find_table(name), nullptr) << name;
}

TEST(Registry, IsBuiltOnce) {
  EXPECT_EQ(all_tables().data(), all_tables().data());
}

TEST(Registry, EveryMeaningIsWrittenInBothLanguages) {
  for (const auto* table : all_tables()) {
    EXPECT_TRUE(is_in_both_languages(table->meaning)) << table->name;
    for (const auto& column : table->columns)
      EXPECT_TRUE(is_in_both_languages(column.meaning)) << table->name << '.' << column.name;
  }
}

TEST(Registry, BothLanguagesSayTheSameAboutNull) {
  for (const auto* table : all_tables())
    for (const auto& column : table->columns)
      EXPECT_EQ(column.meaning.en.contains("NULL"), column.meaning.zh_tw.contains("NULL"))
          << table->name << '.' << column.name;
}

TEST(Registry, EveryNameIsValidAndNoColumnIsThereTwice) {
  for (const auto* table : all_tables()) {
    EXPECT_TRUE(is_name(table->name)) << table->name;
    std::set<std::string> seen;
    for (const auto& column : table->columns) {
      EXPECT_TRUE(is_name(column.name)) << table->name << '.' << column.name;
      EXPECT_TRUE(seen.insert(column.name).second) << table->name << '.' << column.name;
    }
  }
}

TEST(Registry, EveryTableKeepsToTheLimitsOfTheFormat) {
  for (const auto* table : all_tables()) {
    EXPECT_GE(table->version, 1) << table->name;
    EXPECT_FALSE(table->columns.empty()) << table->name;
    EXPECT_LE(table->columns.size(), kMaxColumns) << table->name;
  }
}

TEST(Registry, EveryExampleIsASelectThatNamesItsTable) {
  for (const auto* table : all_tables()) {
    EXPECT_TRUE(table->example.starts_with("SELECT ")) << table->name;
    EXPECT_TRUE(has_word(table->example, table->name)) << table->name;
  }
}

// An empty database with every table as it is declared.
class Declared {
 public:
  Declared() {
    ::sqlite3* opened = nullptr;
    EXPECT_EQ(::sqlite3_open(":memory:", &opened), SQLITE_OK);
    connection_.reset(opened);
    for (const auto* table : all_tables()) {
      std::string columns;
      for (const auto& column : table->columns)
        columns += (columns.empty() ? "" : ", ") + ('"' + column.name + '"');
      const auto sql = "CREATE TABLE \"" + table->name + "\" (" + columns + ")";
      EXPECT_EQ(::sqlite3_exec(opened, sql.c_str(), nullptr, nullptr, nullptr), SQLITE_OK) << sql;
    }
  }
  // Empty when the query means something.
  [[nodiscard]] std::string defect_of(const std::string& query) const {
    ::sqlite3_stmt* statement = nullptr;
    const int prepared =
        ::sqlite3_prepare_v2(connection_.get(), query.c_str(), -1, &statement, nullptr);
    ::sqlite3_finalize(statement);
    return prepared == SQLITE_OK ? "" : ::sqlite3_errmsg(connection_.get());
  }

 private:
  std::unique_ptr<::sqlite3, decltype([](::sqlite3* c) { ::sqlite3_close(c); })> connection_;
};

TEST(Registry, EveryExampleAsksForColumnsThatThereAre) {
  const Declared declared;
  EXPECT_EQ(declared.defect_of("SELECT origin FROM apk_packages"), "no such column: origin");
  for (const auto* table : all_tables())
    EXPECT_EQ(declared.defect_of(table->example), "") << table->name << ": " << table->example;
}

TEST(Registry, OnlyHostTablesNeedARunningSystem) {
  for (const auto* table : all_tables())
    EXPECT_FALSE(table->is_live_only && table->origin == Origin::kReference) << table->name;
}

TEST(Registry, WhatTellsOfPeopleIsNeverPublic) {
  for (const auto* name : {"users", "groups", "user_groups", "listening_ports"})
    EXPECT_EQ(find_table(name)->privacy, Privacy::kPersonal) << name;
  EXPECT_EQ(find_table("shadow")->privacy, Privacy::kSensitive);
}

}  // namespace
}  // namespace assay::evidence
