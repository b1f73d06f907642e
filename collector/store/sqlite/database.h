// SQLite as a driver of the store's SQL: a connection with its prepared statements, transactions.
//
// A Connection and what it made are used by one thread at a time.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <unordered_map>

#include "collector/store/sql/connection.h"
#include "evidence/result.h"

struct sqlite3;
struct sqlite3_stmt;

namespace assay::collector::sqlite {

class Cursor final : public sql::Cursor {
 public:
  // `statement` is finalized by the Cursor; null when it could not be prepared.
  Cursor(sqlite3* database, sqlite3_stmt* statement) : db_(database), statement_(statement) {}
  ~Cursor() override;

  void bind_integer(std::int64_t value) override;
  void bind_boolean(bool value) override { bind_integer(value ? 1 : 0); }
  void bind_text(std::string_view value) override;
  void bind_bytes(std::string_view value) override;
  void bind_null(sql::Type type) override;
  [[nodiscard]] Result<bool> step() override;
  [[nodiscard]] Status queue() override;
  [[nodiscard]] bool is_null(int column) const override;
  [[nodiscard]] std::int64_t integer(int column) const override;
  [[nodiscard]] std::string_view bytes(int column) const override;
  void release() override;

 private:
  void note(int code);

  sqlite3* db_;
  sqlite3_stmt* statement_;
  int next_ = 1;
  int failure_ = 0;
};

enum class Access { kReadWrite, kReadOnly };

class Connection final : public sql::Connection {
 public:
  // A read-write connection makes the file (mode 0600) when there is none.
  [[nodiscard]] static Result<std::unique_ptr<Connection>> open(const std::string& path,
                                                                Access access);
  ~Connection() override;

  // One or more statements without parameters or rows.
  [[nodiscard]] Status execute(const std::string& sql);
  [[nodiscard]] sqlite3* handle() { return db_; }
  [[nodiscard]] std::int64_t changes() const override;
  [[nodiscard]] const sql::Dialect& dialect() const override;
  // False outside one, also when SQLite has rolled back by itself (full disk, I/O error).
  [[nodiscard]] bool is_in_transaction() const;

 private:
  explicit Connection(sqlite3* database) : db_(database) {}
  [[nodiscard]] sql::Cursor& cursor(std::string_view sql) override;

  // So that finding a statement makes no copy of its text.
  struct TextHash {
    using is_transparent = void;
    std::size_t operator()(std::string_view text) const {
      return std::hash<std::string_view>()(text);
    }
  };

  sqlite3* db_;
  std::unordered_map<std::string, std::unique_ptr<Cursor>, TextHash, std::equal_to<>> statements_;
  std::unique_ptr<Cursor> failed_;  // the last statement that could not be prepared
};

// BEGIN IMMEDIATE; rolled back unless commit() succeeded.
class Transaction {
 public:
  explicit Transaction(Connection& connection) : connection_(connection) {}
  ~Transaction();
  Transaction(const Transaction&) = delete;
  Transaction& operator=(const Transaction&) = delete;

  [[nodiscard]] Status begin();
  [[nodiscard]] Status commit();

 private:
  Connection& connection_;
  bool is_open_ = false;
};

// One part of a transaction that may fail alone; undone unless keep() succeeded.
class Savepoint {
 public:
  explicit Savepoint(Connection& connection) : connection_(connection) {}
  ~Savepoint();
  Savepoint(const Savepoint&) = delete;
  Savepoint& operator=(const Savepoint&) = delete;

  [[nodiscard]] Status begin();
  [[nodiscard]] Status keep();

 private:
  Connection& connection_;
  bool is_open_ = false;
};

// What is read while it lives is of one moment, and costs one lock instead of one for each
// statement. For a connection that only reads.
class ReadTransaction {
 public:
  explicit ReadTransaction(Connection& connection) : connection_(connection) {}
  ~ReadTransaction();
  ReadTransaction(const ReadTransaction&) = delete;
  ReadTransaction& operator=(const ReadTransaction&) = delete;

  [[nodiscard]] Status begin();

 private:
  Connection& connection_;
  bool is_open_ = false;
};

}  // namespace assay::collector::sqlite
