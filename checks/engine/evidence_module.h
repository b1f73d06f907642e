// Tables of evidence as SQLite sees them: a virtual table reads the rows where they already are.
// Nothing is copied, so a table costs the same to show however long it is, and another table of the
// same columns can take its place without the statements over it being prepared again.
//
// A look-up by equality is answered from chains of rows with the same hash, one by GLOB from the
// rows in order, SELECT DISTINCT of a column from the first row of each value; all are made when
// first asked for. What SQLite assumes of a table's length is
// fixed and never taken from its rows: the plan of a query, and with it the order of its answer, is
// the same on every host.
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "evidence/result.h"
#include "evidence/table.h"

struct sqlite3;

namespace assay::checks {

// What one virtual table shows at the moment. Belongs to the thread of its database.
class ShownTable {
 public:
  // `declares` is set while SQLite is told the columns, which the database's authorizer hears of
  // as if a query created a table. Must outlive this.
  ShownTable(const evidence::Header& header, bool& declares);

  [[nodiscard]] const evidence::Header& header() const { return table_->header(); }
  [[nodiscard]] const std::vector<evidence::Row>& rows() const { return table_->rows(); }
  // SQLite's answer to the columns.
  [[nodiscard]] int declare(sqlite3* db) const;
  // `table` has the columns of header().
  void show(std::shared_ptr<const evidence::Table> table);

  // Rows that have the same hash over some columns, in ascending order.
  struct Chains {
    static constexpr std::uint32_t kEnd = 0xFFFFFFFFU;
    std::vector<std::uint32_t> first;   // by the lowest bits of the hash
    std::vector<std::uint32_t> next;    // by row
    std::vector<std::uint32_t> hashes;  // by row
  };
  // Bit i of `columns` stands for column i. Rows with a NULL among them are in no chain.
  [[nodiscard]] const Chains& chains(std::uint32_t columns);

  // The rows with a text in the column, by its bytes, then by place.
  using Order = std::vector<std::uint32_t>;
  [[nodiscard]] const Order& order(std::size_t column);
  // Of each value of the column, NULL among them, the first row.
  [[nodiscard]] const Order& distinct(std::size_t column);

  // Set when SQLite plans how to read it. The authorizer does not hear of a table of which a
  // statement names no column by itself, as in JOIN … USING.
  bool is_planned = false;

 private:
  std::shared_ptr<const evidence::Table> table_;
  bool* declares_;
  std::map<std::uint32_t, Chains> chains_;
  std::map<std::size_t, Order> orders_;
  std::map<std::size_t, Order> distinct_;
};

// Makes `shown`, which must outlive the database, readable under its header's name.
[[nodiscard]] Status add_evidence_table(sqlite3* db, ShownTable& shown);
// The name means nothing afterwards.
[[nodiscard]] Status remove_evidence_table(sqlite3* db, const std::string& name);

}  // namespace assay::checks
