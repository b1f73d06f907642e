#include "evidence/canonical.h"

#include <gtest/gtest.h>

#include <limits>

#include "evidence/limits.h"
#include "tests/unit/evidence/sample.h"

namespace assay::evidence {
namespace {

constexpr const char* kHeader =
    "{\"assay\":\"table/"
    "1\",\"table\":\"t\",\"version\":1,\"columns\":[[\"n\",\"integer\"],[\"s\",\"text\"]]}\n";

Table empty_table() {
  return Table(Header{"t", 1, {{"n", Type::kInteger}, {"s", Type::kText}}});
}

// from_canonical(), when outline_of_canonical() is of the same opinion.
Result<Table> read(std::string_view bytes) {
  auto table = from_canonical(bytes);
  const auto outline = outline_of_canonical(bytes);
  EXPECT_EQ(outline.has_value(), table.has_value()) << bytes;
  if (outline && table) {
    EXPECT_EQ(outline->header, table->header());
    EXPECT_EQ(outline->rows, table->rows().size());
  }
  if (!outline && !table) {
    EXPECT_EQ(outline.error().message(), table.error().message());
  }
  return table;
}

TEST(Canonical, AnEmptyTableIsItsHeader) {
  EXPECT_EQ(to_canonical(empty_table()).value(), kHeader);
}

TEST(Canonical, RowsAreSortedBytewiseAndOnce) {
  Table table = empty_table();
  table.add_row({std::int64_t{2}, "b"});
  table.add_row({std::int64_t{10}, "a"});
  table.add_row({std::int64_t{2}, "b"});
  EXPECT_EQ(to_canonical(table).value(), std::string(kHeader) + "[10,\"a\"]\n[2,\"b\"]\n");
}

TEST(Canonical, NullIsNotEmptyText) {
  Table table = empty_table();
  table.add_row({kNull, ""});
  table.add_row({kNull, kNull});
  EXPECT_EQ(to_canonical(table).value(), std::string(kHeader) + "[null,\"\"]\n[null,null]\n");
}

TEST(Canonical, HoldsEverySixtyFourBitInteger) {
  Table table = empty_table();
  table.add_row({std::numeric_limits<std::int64_t>::min(), kNull});
  table.add_row({std::numeric_limits<std::int64_t>::max(), kNull});
  const auto again = read(to_canonical(table).value());
  EXPECT_EQ(std::get<std::int64_t>(again->at(0, "n")), std::numeric_limits<std::int64_t>::min());
  EXPECT_EQ(std::get<std::int64_t>(again->at(1, "n")), std::numeric_limits<std::int64_t>::max());
}

TEST(Canonical, ReadingAndWritingGivesTheSameBytes) {
  const std::string bytes = to_canonical(sample_table()).value();
  EXPECT_EQ(to_canonical(read(bytes).value()).value(), bytes);
}

TEST(Canonical, RefusesRowsInAnyOtherForm) {
  for (const char* rows : {"[2,null]\n[1,null]\n",
                           "[1,null]\n[1,null]\n",
                           "[1, null]\n",
                           "[1,null]",
                           "[1]\n",
                           "[1,null,null]\n",
                           "[01,null]\n",
                           "[-0,null]\n",
                           "[+1,null]\n",
                           "[1.0,null]\n",
                           "[1e3,null]\n",
                           "[9223372036854775808,null]\n",
                           "[\"1\",null]\n",
                           "[1,2]\n",
                           "[1,true]\n",
                           "[1,null]\r\n",
                           "\n",
                           "{}\n",
                           "[1,\"a]\n",
                           "[1,null]\n "})
    EXPECT_FALSE(read(std::string(kHeader) + rows)) << rows;
}

TEST(Canonical, RefusesHeadersInAnyOtherForm) {
  const std::string good = kHeader;
  const auto with = [&good](std::string_view from, std::string_view to) {
    std::string bytes = good;
    return bytes.replace(bytes.find(from), from.size(), to);
  };
  ASSERT_TRUE(read(good));
  for (const auto& bytes :
       {with("table/1", "table/2"), with("\"t\"", "\"T\""), with("\"t\"", "\"\""),
        with(":1,", ":0,"), with(":1,", ":01,"), with("\"n\"", "\"s\""), with("integer", "real"),
        with("}\n", "}"), with("\"n\"", "\"1n\""),
        with("[[\"n\",\"integer\"],[\"s\",\"text\"]]", "[]"), std::string()})
    EXPECT_FALSE(read(bytes)) << bytes;
}

TEST(Canonical, SaysWhichLineIsWrong) {
  EXPECT_EQ(read(std::string(kHeader) + "[1,null]\n[x,null]\n").error().message(),
            "table line 3: not an integer");
}

TEST(Canonical, RefusesToWriteWhatItWouldNotRead) {
  EXPECT_EQ(to_canonical(Table(Header{"No", 1, {{"n", Type::kText}}})).error().code(),
            Code::kInternal);
  EXPECT_EQ(to_canonical(Table(Header{"t", 0, {{"n", Type::kText}}})).error().code(),
            Code::kInternal);
  EXPECT_EQ(to_canonical(Table(Header{"t", 1, {}})).error().code(), Code::kInternal);
  const Header twice{"t", 1, {{"n", Type::kText}, {"n", Type::kInteger}}};
  EXPECT_EQ(to_canonical(Table(twice)).error().code(), Code::kInternal);
}

TEST(Canonical, RefusesADefectiveTable) {
  Table table = empty_table();
  table.add({{"nothing", std::int64_t{1}}});
  EXPECT_EQ(to_canonical(table).error().code(), Code::kInternal);
}

TEST(Canonical, ACellHoldsAtMost64KiB) {
  Table table = empty_table();
  table.add({{"s", std::string(kMaxCellBytes, 'x')}});
  const auto bytes = to_canonical(table);
  ASSERT_TRUE(bytes);
  EXPECT_TRUE(read(*bytes));
  table.add({{"s", std::string(kMaxCellBytes + 1, 'x')}});
  EXPECT_EQ(to_canonical(table).error().code(), Code::kTooLarge);
}

TEST(Canonical, ATableHoldsAtMost64MiB) {
  EXPECT_EQ(read(std::string(kMaxTableBytes + 1, ' ')).error().code(), Code::kTooLarge);
}

}  // namespace
}  // namespace assay::evidence
