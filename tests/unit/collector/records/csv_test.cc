#include "collector/records/csv.h"

#include <gtest/gtest.h>

namespace assay::collector {
namespace {

using Rows = std::vector<std::vector<std::string>>;

Rows rows_of(std::string_view text) {
  CsvReader reader(text);
  Rows rows;
  for (;;) {
    auto row = reader.next();
    EXPECT_TRUE(row) << row.error().message();
    if (!row || !*row) return rows;
    rows.push_back((*row)->cells);
  }
}

std::string refusal_of(std::string_view text) {
  CsvReader reader(text);
  for (;;) {
    auto row = reader.next();
    if (!row) return row.error().message();
    if (!*row) return "no refusal";
  }
}

TEST(Csv, ReadsWhatSpreadsheetsWrite) {
  EXPECT_EQ(rows_of("\xEF\xBB\xBFhost,owner\r\nweb,陳美玲\r\n"),
            (Rows{{"host", "owner"}, {"web", "陳美玲"}}));
  EXPECT_EQ(rows_of("host;owner\nweb;\"a;b\"\n"), (Rows{{"host", "owner"}, {"web", "a;b"}}));
  EXPECT_EQ(rows_of("host\towner\rweb\tx"), (Rows{{"host", "owner"}, {"web", "x"}}));
}

TEST(Csv, QuotedCellsHoldQuotesSeparatorsAndLines) {
  EXPECT_EQ(rows_of("a,b\n\"say \"\"hi\"\"\",\"one\r\ntwo\"\n"),
            (Rows{{"a", "b"}, {"say \"hi\"", "one\r\ntwo"}}));
  EXPECT_EQ(rows_of("a\n\"\"\nx"), (Rows{{"a"}, {"x"}})) << "an empty row is none";
}

TEST(Csv, LinesAreCountedThroughQuotedCells) {
  CsvReader reader("a\n\"1\n2\"\nb\n");
  EXPECT_EQ(reader.next().value()->line, 1U);
  EXPECT_EQ(reader.next().value()->line, 2U);
  EXPECT_EQ(reader.next().value()->line, 4U);
  EXPECT_FALSE(reader.next().value());
  EXPECT_FALSE(reader.next().value()) << "the end stays the end";
}

TEST(Csv, EmptyCellsAndLinesAreKeptApart) {
  EXPECT_EQ(rows_of("a,b,c\n\n,,x\n,,\n"), (Rows{{"a", "b", "c"}, {"", "", "x"}}));
  EXPECT_TRUE(rows_of("").empty());
  EXPECT_EQ(rows_of("a,"), (Rows{{"a", ""}}));
}

TEST(Csv, WhatIsBrokenIsSaidWithItsLine) {
  EXPECT_EQ(refusal_of("a,b\nx,\"y\n\n"), "line 2: a quoted cell begins here and does not end");
  EXPECT_EQ(refusal_of("a,b\n\"x\"y,z\n"), "line 2: text stands behind a closing quote");
  EXPECT_EQ(refusal_of("a\n\xB4\xFA\n"), "line 2: not UTF-8; save the file as \"CSV UTF-8\"")
      << "Big5, as Excel writes plain CSV";
  EXPECT_NE(refusal_of(std::string_view("\xFF\xFEh\0o\0", 6)).find("line 1: "), std::string::npos);
  EXPECT_NE(refusal_of(std::string_view("a\nx\0y\n", 6)).find("NUL"), std::string::npos);
  EXPECT_NE(refusal_of(std::string_view("a\n\"x\0y\"\n", 8)).find("NUL"), std::string::npos);
}

TEST(Csv, IsBounded) {
  EXPECT_NE(refusal_of(std::string(300, ',')).find("columns"), std::string::npos);
  EXPECT_NE(refusal_of("a\n" + std::string(kMaxCsvCellBytes + 1, 'x')).find("too long"),
            std::string::npos);
  EXPECT_NE(refusal_of("a\n\"" + std::string(kMaxCsvCellBytes + 1, 'x')).find("too long"),
            std::string::npos);
  EXPECT_EQ(refusal_of("a\n" + std::string(kMaxCsvCellBytes, 'x')), "no refusal");
}

}  // namespace
}  // namespace assay::collector
