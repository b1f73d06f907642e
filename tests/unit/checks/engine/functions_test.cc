#include "checks/engine/functions.h"

#include <gtest/gtest.h>

#include "checks/engine/database.h"

namespace assay::checks {
namespace {

using evidence::Value;

// The answer of a query over `t`, a table of names and of lists of parts.
class ContainsAnyTest : public testing::Test {
 protected:
  void SetUp() override {
    auto table = std::make_shared<evidence::Table>(
        evidence::Header{"t",
                         1,
                         {{"id", evidence::Type::kInteger},
                          {"name", evidence::Type::kText},
                          {"parts", evidence::Type::kText}}});
    table->add_row({std::int64_t{1}, std::string("A <a@Debian.ORG>"), std::string("debian.org>")});
    table->add_row({std::int64_t{2}, std::string("B <b@example.com>"), std::string("x|EXAMPLE|y")});
    table->add_row({std::int64_t{3}, std::string(40, 'z') + "Z!", std::string("zz!")});
    table->add_row({std::int64_t{4}, evidence::kNull, std::string("a")});
    table->add_row({std::int64_t{5}, std::string("kept"), evidence::kNull});
    table->add_row({std::int64_t{6}, std::string("kept"), std::string("||")});
    ASSERT_TRUE(database_.show(table));
  }

  Value ask(const std::string& expression, int id) {
    const auto answer =
        database_.query("SELECT " + expression + " FROM t WHERE id = " + std::to_string(id), 1);
    if (!answer || answer->rows.size() != 1) return std::string("no answer");
    return answer->rows[0][0];
  }

  Database database_ = *Database::open();
};

TEST_F(ContainsAnyTest, FindsAPartWhateverItsCase) {
  for (const int id : {1, 2, 3})
    EXPECT_EQ(ask("contains_any(name, parts)", id), Value(std::int64_t{1})) << id;
  EXPECT_EQ(ask("contains_any(name, 'ubuntu.com>|canonical')", 1), Value(std::int64_t{0}));
}

TEST_F(ContainsAnyTest, IsNullWithoutTextOrParts) {
  EXPECT_EQ(ask("contains_any(name, parts)", 4), Value());
  EXPECT_EQ(ask("contains_any(name, parts)", 5), Value());
}

TEST_F(ContainsAnyTest, AnEmptyPartIsInNoText) {
  EXPECT_EQ(ask("contains_any(name, parts)", 6), Value(std::int64_t{0}));
  EXPECT_EQ(ask("contains_any(name, '')", 6), Value(std::int64_t{0}));
}

// The list is kept from row to row when it is the same for all, and only then.
TEST_F(ContainsAnyTest, AgreesWithLikeOnEveryRow) {
  const auto answer = database_.query(
      "SELECT id, contains_any(name, parts), contains_any(name, 'b|t'), name LIKE '%b%' OR name "
      "LIKE '%t%' FROM t WHERE name IS NOT NULL ORDER BY id",
      10);
  ASSERT_TRUE(answer) << answer.error().message();
  ASSERT_EQ(answer->rows.size(), 5U);
  for (const auto& row : answer->rows) EXPECT_EQ(row[2], row[3]) << evidence::to_text(row[0]);
  EXPECT_EQ(answer->rows[0][1], Value(std::int64_t{1}));
  EXPECT_EQ(answer->rows[3][1], Value());
}

}  // namespace
}  // namespace assay::checks
