// Where the fleet of the bench is kept, by engine: a store, the same as plain rows beside it, and
// how it becomes cold. What fails throws.
#pragma once

#include <memory>
#include <string>

#include "collector/store/store.h"

namespace assay::bench {

class Place {
 public:
  virtual ~Place() = default;
  Place() = default;
  Place(const Place&) = delete;
  Place& operator=(const Place&) = delete;

  [[nodiscard]] virtual std::unique_ptr<collector::Store> open() = 0;
  // Statements, with no store open.
  virtual void run(const std::string& sql) = 0;
  [[nodiscard]] virtual std::size_t rows_of(const std::string& sql) = 0;
  // Nothing of it is in memory any more, neither the engine's nor the system's.
  virtual void make_cold() = 0;
  // Rows of `columns` that stand at one of two dates (seconds) and not at the other, `same` being
  // how they are told apart and `differs` how they differ: both sides joined as a full outer join.
  [[nodiscard]] virtual std::string joined(const std::string& columns, const std::string& table,
                                           const std::string& same, const std::string& differs,
                                           std::int64_t from, std::int64_t to) const = 0;
  // Makes the tables `spans` and `plain_verdicts`: what the store has, as rows.
  void write_plain();
};

[[nodiscard]] std::unique_ptr<Place> place_in_sqlite();
// A server of its own, gone at the end.
[[nodiscard]] std::unique_ptr<Place> place_in_postgres();

}  // namespace assay::bench
