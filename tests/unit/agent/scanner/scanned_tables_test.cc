#include "agent/scanner/scanned_tables.h"

#include <gtest/gtest.h>

#include "evidence/canonical.h"

namespace assay::agent {
namespace {

std::string endpoints(const std::string& host) {
  evidence::Table table(*evidence::find_table("tls_endpoints"));
  table.add({{"host", host}, {"port", std::int64_t{443}}, {"status", std::string("ok")}});
  return evidence::to_canonical(table).value();
}
std::string empty(const char* name) {
  return evidence::to_canonical(evidence::Table(*evidence::find_table(name))).value();
}

TEST(ScannedTables, AreTakenApart) {
  const auto tables = scanned_tables(endpoints("a\n{b") + empty("tls_suites"));
  ASSERT_TRUE(tables.has_value()) << tables.error().message();
  ASSERT_EQ(tables->size(), 2U);
  EXPECT_EQ(evidence::to_text((*tables)[0].at(0, "host")), "a\n{b");
  EXPECT_EQ((*tables)[1].header().table, "tls_suites");
}

TEST(ScannedTables, NothingIsNoTable) {
  EXPECT_TRUE(scanned_tables("").value().empty());
}

TEST(ScannedTables, AnythingElseIsRefused) {
  const auto table = endpoints("a");
  auto renamed = table;
  renamed.replace(renamed.find("tls_endpoints"), 13, "tls_endpointz");
  auto other_column = table;
  other_column.replace(other_column.find("\"detail\""), 8, "\"detali\"");
  for (const auto& bytes :
       {std::string("x"), table.substr(0, table.size() - 1), table + "x", table + table, renamed,
        other_column, empty("eol_cycles"), "\n" + table}) {
    const auto tables = scanned_tables(bytes);
    ASSERT_FALSE(tables.has_value()) << bytes;
    EXPECT_EQ(tables.error().code(), Code::kInvalidData) << bytes;
  }
}

TEST(ScannedTables, MoreThanAScannerHasIsTooLarge) {
  std::string all;
  std::size_t count = 0;
  for (const auto* spec : evidence::all_tables())
    if (spec->origin == evidence::Origin::kHost && count++ <= kMaxScannedTables)
      all += evidence::to_canonical(evidence::Table(*spec)).value();
  const auto tables = scanned_tables(all);
  ASSERT_FALSE(tables.has_value());
  EXPECT_EQ(tables.error().code(), Code::kTooLarge);
}

}  // namespace
}  // namespace assay::agent
