// What the store's SQL runs on: a connection with its prepared statements, whichever the engine.
//
// Statements are written once for all engines: parameters are ? or ?1, lists of words are ",a,b,"
// and searched with instr(), choices are CASE, and a column that both sides of an upsert have is
// named with its table. What an engine must have said differently is in its Dialect.
//
// A Connection and what it made are used by one thread at a time.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "evidence/digest.h"
#include "evidence/result.h"
#include "evidence/timestamp.h"

namespace assay::collector::sql {

// Bytes, where text would be bound as text.
struct Blob {
  std::string_view bytes;
};

enum class Type { kInteger, kBoolean, kText, kBytes };

// A driver's prepared statement. Any failure on the way is kept and told by step() or queue().
// Texts and bytes are copied when they are bound, to the next parameter from left to right.
class Cursor {
 public:
  Cursor() = default;
  Cursor(const Cursor&) = delete;
  Cursor& operator=(const Cursor&) = delete;
  virtual ~Cursor() = default;

  virtual void bind_integer(std::int64_t value) = 0;
  virtual void bind_boolean(bool value) = 0;
  virtual void bind_text(std::string_view value) = 0;
  virtual void bind_bytes(std::string_view value) = 0;
  virtual void bind_null(Type type) = 0;

  [[nodiscard]] virtual Result<bool> step() = 0;
  [[nodiscard]] virtual Status queue() = 0;

  [[nodiscard]] virtual bool is_null(int column) const = 0;
  [[nodiscard]] virtual std::int64_t integer(int column) const = 0;  // or boolean: 0 or 1
  // Text or bytes, until the next step; empty for NULL.
  [[nodiscard]] virtual std::string_view bytes(int column) const = 0;

  virtual void release() = 0;  // its Statement has ended
};

// A prepared statement, lent by its Connection until the Statement ends.
class Statement {
 public:
  explicit Statement(Cursor& cursor) : cursor_(&cursor) {}
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
  [[nodiscard]] Result<bool> step() { return cursor_->step(); }
  // For statements that return no rows.
  [[nodiscard]] Status run();
  // The same inside a transaction, when nobody needs to know yet how it went: an engine may send
  // it together with the next one that is waited for, and a failure is told then, or by the commit.
  [[nodiscard]] Status queue() { return cursor_->queue(); }

  // Columns of the present row, from 0.
  [[nodiscard]] bool is_null(int column) const { return cursor_->is_null(column); }
  [[nodiscard]] std::int64_t integer(int column) const { return cursor_->integer(column); }
  [[nodiscard]] std::string text(int column) const { return std::string(cursor_->bytes(column)); }
  [[nodiscard]] evidence::Seconds time(int column) const;
  [[nodiscard]] std::optional<evidence::Seconds> optional_time(int column) const;
  [[nodiscard]] evidence::Digest digest(int column) const;
  [[nodiscard]] std::optional<evidence::Digest> optional_digest(int column) const;

 private:
  void bind_one(std::int64_t value) { cursor_->bind_integer(value); }
  void bind_one(int value) { cursor_->bind_integer(value); }
  void bind_one(std::size_t value) { cursor_->bind_integer(static_cast<std::int64_t>(value)); }
  void bind_one(bool value) { cursor_->bind_boolean(value); }
  void bind_one(std::string_view value) { cursor_->bind_text(value); }
  void bind_one(const std::string& value) { cursor_->bind_text(value); }
  void bind_one(const char* value) { cursor_->bind_text(value); }
  void bind_one(Blob value) { cursor_->bind_bytes(value.bytes); }
  void bind_one(const evidence::Digest& value);
  void bind_one(evidence::Seconds value) { bind_one(value.time_since_epoch().count()); }
  template <typename T>
  void bind_one(const std::optional<T>& value) {
    if (value)
      bind_one(*value);
    else
      cursor_->bind_null(type_of(static_cast<const T*>(nullptr)));
  }
  static Type type_of(const std::int64_t* /*value*/) { return Type::kInteger; }
  static Type type_of(const evidence::Seconds* /*value*/) { return Type::kInteger; }
  static Type type_of(const std::string_view* /*value*/) { return Type::kText; }
  static Type type_of(const std::string* /*value*/) { return Type::kText; }
  static Type type_of(const evidence::Digest* /*value*/) { return Type::kBytes; }

  Cursor* cursor_;
};

// What no wording has in common.
struct Dialect {
  // Behind a SELECT: its rows are not changed by others until this transaction ends.
  std::string_view locks_rows;
  // Where all columns of a snapshot are found.
  std::string_view whole_snapshots;
  // What tells the rows of a history apart, beside their number.
  std::string_view history_key;
  // Behind what is set in a verdict, span or group that ends: where it stands from then on.
  std::string_view ended_verdict_place;
  std::string_view ended_span_place;
  std::string_view ended_group_place;
  // Takes the manifest and signature away of host ?1's snapshot ?2, accepted at ?3.
  std::string_view removes_manifest;
};

class Connection {
 public:
  Connection() = default;
  Connection(const Connection&) = delete;
  Connection& operator=(const Connection&) = delete;
  virtual ~Connection() = default;

  // Prepared once for each distinct text.
  [[nodiscard]] Statement prepare(std::string_view sql) { return Statement(cursor(sql)); }
  // Rows that the last statement that was run inserted, changed or deleted.
  [[nodiscard]] virtual std::int64_t changes() const = 0;
  [[nodiscard]] virtual const Dialect& dialect() const = 0;

 private:
  [[nodiscard]] virtual Cursor& cursor(std::string_view sql) = 0;
};

}  // namespace assay::collector::sql
