// PostgreSQL as a driver of the store's SQL.
//
// The connection is in libpq's pipeline mode all the time: what is queued or sent goes out without
// waiting, and one synchronization brings all answers when one of them is waited for. So a
// transaction of hundreds of statements waits for the network two or three times.
//
// Used by one thread at a time.
#pragma once

#include <algorithm>
#include <chrono>
#include <deque>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "collector/store/postgres/cursor.h"
#include "collector/store/postgres/failure.h"
#include "collector/store/postgres/servers.h"
#include "collector/store/sql/connection.h"

namespace assay::collector::postgres {

// How long an answer may take before the connection is given up.
inline constexpr std::chrono::seconds kAnswerLimit{60};

struct CommitMark;

class Connection final : public sql::Connection {
 public:
  // With the settings of a session of ours: durable commits, bounded waits. `conninfo` is as
  // Target says. As dial() does.
  [[nodiscard]] static Result<std::unique_ptr<Connection>> open(const std::string& conninfo);
  [[nodiscard]] static Result<std::unique_ptr<Connection>> open(const std::string& conninfo,
                                                                const Server& only);
  ~Connection() override;

  // One or more statements without parameters or rows, outside of what is queued.
  [[nodiscard]] Status execute(const std::string& sql, std::chrono::seconds limit = kAnswerLimit);
  [[nodiscard]] std::int64_t changes() const override { return changes_; }
  [[nodiscard]] const sql::Dialect& dialect() const override;
  // A cursor with what only this driver has; to be released by its borrower.
  [[nodiscard]] Cursor& borrow(std::string_view sql);

  // Of the first failure since the last settle().
  [[nodiscard]] Trouble trouble() const { return trouble_; }
  [[nodiscard]] const std::optional<Error>& failure() const { return failure_; }
  // Begins anew: whatever failed before is over.
  void settle();
  // It is not quite over: for whoever has the transaction begun again.
  void remember(Trouble trouble) { trouble_ = std::max(trouble_, trouble); }
  // As it was when the connection was made.
  [[nodiscard]] const Role& role() const { return role_; }
  // For the next transaction that writes.
  [[nodiscard]] CommitMark next_mark();
  // Whether it looks as if the server were still there. Asks nothing.
  [[nodiscard]] bool is_usable() const;

 private:
  friend class Cursor;
  using Clock = std::chrono::steady_clock;
  struct Pending {
    Cursor* cursor = nullptr;      // null when nobody waits for it any more
    Prepared* prepared = nullptr;  // that it makes
  };
  struct TextHash {
    using is_transparent = void;
    std::size_t operator()(std::string_view text) const {
      return std::hash<std::string_view>()(text);
    }
  };
  struct Entry {
    Prepared prepared;
    std::vector<std::unique_ptr<Cursor>> cursors;
  };

  explicit Connection(Line line);
  [[nodiscard]] static Result<std::unique_ptr<Connection>> open(Line line);
  static void hear(void* connection, const pg_result* notice);
  // Whether it is over now, or was before.
  bool give_up_unconfirmed();
  [[nodiscard]] sql::Cursor& cursor(std::string_view sql) override { return borrow(sql); }

  void send(Cursor& cursor);
  // Waits for the answers to everything that was sent.
  void finish();
  void forget(const Cursor& cursor);
  void take(Pending pending, pg_result* result);
  void note(Failure failure);
  void give_up(std::string_view why);
  [[nodiscard]] bool flush(Clock::time_point deadline);
  [[nodiscard]] bool await(Clock::time_point deadline);
  [[nodiscard]] bool wait_for(short events, Clock::time_point deadline);
  // Null at the end of one answer.
  [[nodiscard]] pg_result* next_result(Clock::time_point deadline);

  Line connection_;
  Role role_;
  const std::string session_;  // of this connection, among all that ever were
  std::int64_t transactions_ = 0;
  std::unordered_map<std::string, std::unique_ptr<Entry>, TextHash, std::equal_to<>> statements_;
  std::deque<Pending> pending_;
  std::optional<Error> failure_;  // of the transaction, until settle()
  Trouble trouble_ = Trouble::kNone;
  std::int64_t changes_ = 0;
  bool is_broken_ = false;
  bool is_unconfirmed_ = false;  // a commit ended its wait for a standby, which has not answered
};

// A cursor, given back at the end of its life.
class Query {
 public:
  Query(Connection& connection, std::string_view sql)
      : cursor_(connection.borrow(sql)), statement_(cursor_) {}
  Cursor* operator->() { return &cursor_; }
  [[nodiscard]] sql::Statement& rows() { return statement_; }

 private:
  Cursor& cursor_;
  sql::Statement statement_;
};

}  // namespace assay::collector::postgres
