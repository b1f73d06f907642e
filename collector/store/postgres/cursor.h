// A statement that the server has prepared, as a driver of the store's SQL.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "collector/store/postgres/array.h"
#include "collector/store/postgres/failure.h"
#include "collector/store/sql/connection.h"

namespace assay::collector::postgres {

class Connection;

// The statement itself, which several cursors of one connection may use.
struct Prepared {
  std::string name;  // on the server
  std::string sql;   // with $1 for ?1
  bool is_there = false;
};

class Cursor final : public sql::Cursor {
 public:
  Cursor(Connection& connection, Prepared& prepared)
      : connection_(connection), prepared_(prepared) {}

  void bind_integer(std::int64_t value) override;
  void bind_boolean(bool value) override;
  void bind_text(std::string_view value) override;
  void bind_bytes(std::string_view value) override;
  void bind_null(sql::Type type) override;
  void bind_array(const Array& array);
  // Sends it now; step() waits for the answer. For questions that can be asked together.
  void send();
  [[nodiscard]] Result<bool> step() override;
  [[nodiscard]] Status queue() override;
  [[nodiscard]] bool is_null(int column) const override;
  [[nodiscard]] std::int64_t integer(int column) const override;
  [[nodiscard]] std::string_view bytes(int column) const override;
  void release() override;

 private:
  friend class Connection;
  struct Clear {
    void operator()(pg_result* result) const;
  };
  struct Parameter {
    unsigned type = 0;
    std::string bytes;
    bool is_null = false;
  };

  Connection& connection_;
  Prepared& prepared_;
  std::vector<Parameter> parameters_;
  bool is_lent_ = false;
  bool is_sent_ = false;
  std::optional<Error> failure_;
  std::unique_ptr<pg_result, Clear> result_;
  int row_ = -1;
};

}  // namespace assay::collector::postgres
