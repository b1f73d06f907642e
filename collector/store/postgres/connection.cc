#include "collector/store/postgres/connection.h"

#include <libpq-fe.h>
#include <poll.h>

#include <algorithm>
#include <cerrno>
#include <cstdlib>
#include <random>
#include <utility>

#include "collector/store/postgres/commit_mark.h"

namespace assay::collector::postgres {
namespace {

// What is acknowledged is durable whatever the server's own default; no lock of a collector that
// is gone, or stands still, outlives a minute.
constexpr const char* kSession =
    "SET client_min_messages = warning; SET statement_timeout = '60s'; SET lock_timeout = '15s';"
    "SET idle_in_transaction_session_timeout = '60s';"
    "SELECT set_config('synchronous_commit', 'on', false)"
    " WHERE current_setting('synchronous_commit') = 'off'";

// ? and ?1 become $1, counted as SQLite counts them.
std::string with_dollars(std::string_view sql) {
  std::string text;
  std::size_t last = 0;
  for (std::size_t i = 0; i < sql.size(); ++i) {
    if (sql[i] != '?') {
      text += sql[i];
      continue;
    }
    std::size_t number = 0;
    while (i + 1 < sql.size() && sql[i + 1] >= '0' && sql[i + 1] <= '9')
      number = number * 10 + static_cast<std::size_t>(sql[++i] - '0');
    if (number == 0) number = last + 1;
    last = std::max(last, number);
    text.append("$").append(std::to_string(number));
  }
  return text;
}

std::string new_session() {
  std::random_device random;
  std::string name;
  for (int i = 0; i < 4; ++i) name += (i > 0 ? "-" : "") + std::to_string(random());
  return name;
}

}  // namespace

Result<std::unique_ptr<Connection>> Connection::open(const std::string& conninfo) {
  return open(dial(conninfo));
}

Result<std::unique_ptr<Connection>> Connection::open(const std::string& conninfo,
                                                     const Server& only) {
  return open(dial(conninfo, only));
}

Result<std::unique_ptr<Connection>> Connection::open(Line line) {
  std::unique_ptr<Connection> opened(new Connection(std::move(line)));
  auto* connection = opened->connection_.get();
  if (PQstatus(connection) != CONNECTION_OK)
    return fail(lost(connection).error.within("connecting"));
  PQsetNoticeReceiver(connection, &Connection::hear, opened.get());
  pg_result* set = PQexec(connection, kSession);
  const bool is_set = PQresultStatus(set) == PGRES_TUPLES_OK;
  auto failure = is_set ? Failure{{Code::kInternal, ""}} : failure_of(set);
  PQclear(set);
  if (!is_set) return fail(failure.error.within("connecting"));
  opened->role_ = role_of(connection);
  if (PQsetnonblocking(connection, 1) != 0 || PQenterPipelineMode(connection) != 1)
    return fail(lost(connection).error);
  return opened;
}

Connection::Connection(Line line) : connection_(std::move(line)), session_(new_session()) {}

Connection::~Connection() {
  statements_.clear();
}

CommitMark Connection::next_mark() {
  return {session_, ++transactions_};
}

// A commit that waits for a standby can be let go by whoever may cancel it. Its success is then
// one of this server alone, and comes with a warning, which is known by where it was made: its
// words are in the server's language.
void Connection::hear(void* connection, const pg_result* notice) {
  const char* where = PQresultErrorField(notice, PG_DIAG_SOURCE_FUNCTION);
  if (where != nullptr && std::string_view(where) == "SyncRepWaitForLSN")
    static_cast<Connection*>(connection)->is_unconfirmed_ = true;
}

bool Connection::give_up_unconfirmed() {
  if (is_unconfirmed_ && !is_broken_) give_up("no standby has confirmed the commit");
  return is_broken_;
}

const sql::Dialect& Connection::dialect() const {
  static constexpr sql::Dialect kDialect{
      " FOR NO KEY UPDATE",
      "snapshots LEFT JOIN manifests USING (host_id, sequence, accepted_at)",
      "number, host_id",
      "",
      "",
      "",
      "DELETE FROM manifests WHERE host_id = ?1 AND sequence = ?2 AND accepted_at = ?3"};
  return kDialect;
}

Cursor& Connection::borrow(std::string_view sql) {
  auto found = statements_.find(sql);
  if (found == statements_.end()) {
    auto entry = std::make_unique<Entry>();
    entry->prepared = {"s" + std::to_string(statements_.size()), with_dollars(sql), false};
    found = statements_.emplace(std::string(sql), std::move(entry)).first;
  }
  auto& [prepared, cursors] = *found->second;
  auto free = std::ranges::find(cursors, false, &Cursor::is_lent_);
  if (free == cursors.end()) free = cursors.insert(free, std::make_unique<Cursor>(*this, prepared));
  (*free)->is_lent_ = true;
  return **free;
}

void Connection::settle() {
  if (is_broken_) return;
  failure_.reset();
  trouble_ = Trouble::kNone;
}

bool Connection::is_usable() const {
  if (is_broken_ || PQstatus(connection_.get()) != CONNECTION_OK) return false;
  // Nothing was asked, so whatever comes is the end, or the notice of it.
  pollfd waiting{.fd = PQsocket(connection_.get()), .events = POLLIN, .revents = 0};
  return ::poll(&waiting, 1, 0) == 0;
}

void Connection::note(Failure failure) {
  if (failure_) return;
  failure_ = std::move(failure.error);
  trouble_ = failure.trouble;
}

void Connection::give_up(std::string_view why) {
  is_broken_ = true;
  note(lost(why));
  trouble_ = Trouble::kLost;
  for (const auto& [cursor, prepared] : pending_)
    if (cursor != nullptr) cursor->failure_ = failure_;
  pending_.clear();
}

void Connection::forget(const Cursor& cursor) {
  // What is given back was mostly sent last.
  const auto found = std::find_if(pending_.rbegin(), pending_.rend(),
                                  [&](const Pending& one) { return one.cursor == &cursor; });
  if (cursor.is_sent_ && found != pending_.rend()) found->cursor = nullptr;
}

void Connection::send(Cursor& cursor) {
  cursor.is_sent_ = true;
  if (is_broken_) {
    cursor.failure_ = failure_;
    return;
  }
  std::vector<unsigned> types;
  std::vector<const char*> values;
  std::vector<int> lengths;
  for (const auto& parameter : cursor.parameters_) {
    types.push_back(parameter.type);
    values.push_back(parameter.is_null ? nullptr : parameter.bytes.data());
    lengths.push_back(static_cast<int>(parameter.bytes.size()));
  }
  const std::vector<int> formats(values.size(), 1);  // binary
  const int count = static_cast<int>(values.size());
  auto& prepared = cursor.prepared_;
  bool is_sent = true;
  if (!prepared.is_there) {
    is_sent = PQsendPrepare(connection_.get(), prepared.name.c_str(), prepared.sql.c_str(), count,
                            types.data()) == 1;
    pending_.push_back({nullptr, &prepared});
    prepared.is_there = true;  // unless the answer says otherwise
  }
  is_sent = is_sent && PQsendQueryPrepared(connection_.get(), prepared.name.c_str(), count,
                                           values.data(), lengths.data(), formats.data(), 1) == 1;
  pending_.push_back({&cursor, nullptr});
  if (!is_sent) give_up(PQerrorMessage(connection_.get()));
}

void Connection::take(Pending pending, pg_result* result) {
  const auto status = PQresultStatus(result);
  const bool is_good = status == PGRES_TUPLES_OK || status == PGRES_COMMAND_OK;
  if (!is_good) {
    if (status != PGRES_PIPELINE_ABORTED) note(failure_of(result));
    if (pending.prepared != nullptr) pending.prepared->is_there = false;
    if (pending.cursor != nullptr) pending.cursor->failure_ = failure_;
    PQclear(result);
    return;
  }
  if (pending.prepared == nullptr) {
    const std::string_view changed(PQcmdTuples(result));
    changes_ = changed.empty() ? 0 : std::atoll(changed.data());
  }
  if (pending.cursor != nullptr)
    pending.cursor->result_.reset(result);
  else
    PQclear(result);
}

void Connection::finish() {
  if (is_broken_) return;
  const auto deadline = Clock::now() + kAnswerLimit;
  if (PQpipelineSync(connection_.get()) != 1) return give_up(PQerrorMessage(connection_.get()));
  if (!flush(deadline)) return;
  while (!pending_.empty()) {
    pg_result* result = next_result(deadline);
    if (is_broken_) return;
    if (result == nullptr) return give_up("the server gave no answer");
    const auto pending = pending_.front();
    pending_.pop_front();
    take(pending, result);
    while ((result = next_result(deadline)) != nullptr) PQclear(result);
    if (is_broken_) return;
    if (trouble_ == Trouble::kLost || PQstatus(connection_.get()) != CONNECTION_OK)
      return give_up(PQerrorMessage(connection_.get()));
  }
  pg_result* synchronized = next_result(deadline);
  const bool is_there = PQresultStatus(synchronized) == PGRES_PIPELINE_SYNC;
  PQclear(synchronized);
  if (!is_there && !is_broken_) give_up("the server and we are out of step");
  (void)give_up_unconfirmed();  // whoever waits asks for failure()
}

Status Connection::execute(const std::string& sql, std::chrono::seconds limit) {
  if (!pending_.empty()) finish();
  const auto deadline = Clock::now() + limit;
  if (!is_broken_ && (PQexitPipelineMode(connection_.get()) != 1 ||
                      PQsendQuery(connection_.get(), sql.c_str()) != 1))
    give_up(PQerrorMessage(connection_.get()));
  if (!is_broken_ && flush(deadline)) {
    for (auto* result = next_result(deadline); result != nullptr; result = next_result(deadline)) {
      if (PQresultStatus(result) == PGRES_FATAL_ERROR) note(failure_of(result));
      PQclear(result);
    }
  }
  if (!give_up_unconfirmed() &&
      (trouble_ == Trouble::kLost || PQenterPipelineMode(connection_.get()) != 1))
    give_up(PQerrorMessage(connection_.get()));
  if (failure_) return fail(*failure_);
  return {};
}

bool Connection::wait_for(short events, Clock::time_point deadline) {
  pollfd waiting{.fd = PQsocket(connection_.get()), .events = events, .revents = 0};
  const auto left =
      std::chrono::duration_cast<std::chrono::milliseconds>(deadline - Clock::now()).count();
  const int ready = left <= 0 ? 0 : ::poll(&waiting, 1, static_cast<int>(left));
  if (ready < 0 && errno == EINTR) return true;
  if (ready <= 0) {
    give_up("the server gave no answer in time");
    return false;
  }
  if ((waiting.revents & (POLLIN | POLLHUP | POLLERR)) != 0 &&
      PQconsumeInput(connection_.get()) != 1) {
    // What it said before it went away is there to be read.
    if (PQisBusy(connection_.get()) != 0) give_up(PQerrorMessage(connection_.get()));
    return !is_broken_;
  }
  return true;
}

bool Connection::flush(Clock::time_point deadline) {
  for (;;) {
    const int left = PQflush(connection_.get());
    if (left == 0) return true;
    if (left < 0) {
      give_up(PQerrorMessage(connection_.get()));
      return false;
    }
    if (!wait_for(POLLIN | POLLOUT, deadline)) return false;
  }
}

bool Connection::await(Clock::time_point deadline) {
  while (PQisBusy(connection_.get()) != 0)
    if (!wait_for(POLLIN, deadline)) return false;
  return true;
}

pg_result* Connection::next_result(Clock::time_point deadline) {
  if (is_broken_ || !await(deadline)) return nullptr;
  return PQgetResult(connection_.get());
}

}  // namespace assay::collector::postgres
