// SQLite through values and Results: a connection with its prepared statements, and a transaction.
//
// A Connection and what it made are used by one thread at a time.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>

#include "evidence/digest.h"
#include "evidence/result.h"
#include "evidence/timestamp.h"

struct sqlite3;
struct sqlite3_stmt;

namespace assay::collector::sqlite {

// Bytes, where text would be bound as text.
struct Blob {
  std::string_view bytes;
};

// A prepared statement, lent by its Connection until the Statement ends. Any failure on the way
// is kept and told by step() or run(). Texts and blobs are copied when they are bound.
class Statement {
 public:
  Statement(sqlite3* database, sqlite3_stmt* statement) : db_(database), statement_(statement) {}
  Statement(Statement&& other) noexcept;
  Statement(const Statement&) = delete;
  Statement& operator=(const Statement&) = delete;
  ~Statement();

  // The next parameters, from left to right.
  template <typename... Values>
  Statement& bind(const Values&... values) {
    (bind_one(values), ...);
    return *this;
  }
  // True: a row is there to be read.
  [[nodiscard]] Result<bool> step();
  // For statements that return no rows.
  [[nodiscard]] Status run();

  // Columns of the present row, from 0.
  [[nodiscard]] bool is_null(int column) const;
  [[nodiscard]] std::int64_t integer(int column) const;
  [[nodiscard]] std::string text(int column) const;  // or blob; empty for NULL
  [[nodiscard]] evidence::Seconds time(int column) const;
  [[nodiscard]] std::optional<evidence::Seconds> optional_time(int column) const;
  [[nodiscard]] evidence::Digest digest(int column) const;
  [[nodiscard]] std::optional<evidence::Digest> optional_digest(int column) const;

 private:
  void bind_one(std::int64_t value);
  void bind_one(int value) { bind_one(std::int64_t{value}); }
  void bind_one(std::size_t value) { bind_one(static_cast<std::int64_t>(value)); }
  void bind_one(bool value) { bind_one(std::int64_t{value ? 1 : 0}); }
  void bind_one(std::string_view value);
  void bind_one(const std::string& value) { bind_one(std::string_view(value)); }
  void bind_one(const char* value) { bind_one(std::string_view(value)); }
  void bind_one(Blob value);
  void bind_one(const evidence::Digest& value);
  void bind_one(evidence::Seconds value) { bind_one(value.time_since_epoch().count()); }
  void bind_one(std::nullopt_t value);
  template <typename T>
  void bind_one(const std::optional<T>& value) {
    if (value)
      bind_one(*value);
    else
      bind_one(std::nullopt);
  }
  void note(int code);

  sqlite3* db_;
  sqlite3_stmt* statement_;
  int next_ = 1;
  int failure_ = 0;
};

enum class Access { kReadWrite, kReadOnly };

class Connection {
 public:
  // A read-write connection makes the file (mode 0600) when there is none.
  [[nodiscard]] static Result<std::unique_ptr<Connection>> open(const std::string& path,
                                                                Access access);
  ~Connection();
  Connection(const Connection&) = delete;
  Connection& operator=(const Connection&) = delete;

  // Prepared once for each distinct text.
  [[nodiscard]] Statement prepare(std::string_view sql);
  // One or more statements without parameters or rows.
  [[nodiscard]] Status execute(const std::string& sql);
  [[nodiscard]] sqlite3* handle() { return db_; }
  // Rows that the last statement inserted, changed or deleted.
  [[nodiscard]] std::int64_t changes() const;
  // False outside one, also when SQLite has rolled back by itself (full disk, I/O error).
  [[nodiscard]] bool is_in_transaction() const;

 private:
  explicit Connection(sqlite3* database) : db_(database) {}

  // So that finding a statement makes no copy of its text.
  struct TextHash {
    using is_transparent = void;
    std::size_t operator()(std::string_view text) const {
      return std::hash<std::string_view>()(text);
    }
  };

  sqlite3* db_;
  std::unordered_map<std::string, sqlite3_stmt*, TextHash, std::equal_to<>> statements_;
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
