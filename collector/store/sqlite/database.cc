#include "collector/store/sqlite/database.h"

#include <fcntl.h>
#include <sqlite3.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <utility>

#include "evidence/refusal.h"

namespace assay::collector::sqlite {
namespace {

constexpr int kBusyMilliseconds = 10'000;

Code code_of(int failure, int system_number) {
  if (system_number == ENOSPC || system_number == EDQUOT) return Code::kNoSpace;
  switch (failure & 0xff) {
    case SQLITE_FULL: return Code::kNoSpace;
    case SQLITE_BUSY:
    case SQLITE_LOCKED: return Code::kUnavailable;
    case SQLITE_CONSTRAINT: return Code::kConflict;
    case SQLITE_CORRUPT:
    case SQLITE_NOTADB: return Code::kInvalidData;
    case SQLITE_TOOBIG: return Code::kTooLarge;
    case SQLITE_PERM:
    case SQLITE_READONLY:
    case SQLITE_CANTOPEN: return Code::kPermissionDenied;
    case SQLITE_ERROR:
    case SQLITE_MISUSE:
    case SQLITE_RANGE: return Code::kInternal;
    default: return Code::kIo;
  }
}

Error error_of(sqlite3* database, int failure) {
  const bool is_io = (failure & 0xff) == SQLITE_IOERR || (failure & 0xff) == SQLITE_CANTOPEN;
  const int number = database != nullptr && is_io ? sqlite3_system_errno(database) : 0;
  std::string words("store: ");
  words += database != nullptr ? sqlite3_errmsg(database) : sqlite3_errstr(failure);
  if (number != 0) words.append(": ").append(strerrordesc_np(number));
  return {code_of(failure, number), std::move(words)};
}

}  // namespace

Cursor::~Cursor() {
  sqlite3_finalize(statement_);
}

void Cursor::release() {
  next_ = 1;
  failure_ = SQLITE_OK;
  if (statement_ == nullptr) return;
  sqlite3_reset(statement_);
  sqlite3_clear_bindings(statement_);
}

void Cursor::note(int code) {
  if (failure_ == SQLITE_OK) failure_ = code;
}

void Cursor::bind_integer(std::int64_t value) {
  note(sqlite3_bind_int64(statement_, next_++, value));
}

void Cursor::bind_text(std::string_view value) {
  // An empty view may have no address, which SQLite would read as NULL.
  const char* data = value.data() == nullptr ? "" : value.data();
  note(sqlite3_bind_text64(statement_, next_++, data, value.size(), SQLITE_TRANSIENT, SQLITE_UTF8));
}

void Cursor::bind_bytes(std::string_view value) {
  const char* data = value.data() == nullptr ? "" : value.data();
  note(sqlite3_bind_blob64(statement_, next_++, data, value.size(), SQLITE_TRANSIENT));
}

void Cursor::bind_null(sql::Type /*type*/) {
  note(sqlite3_bind_null(statement_, next_++));
}

Result<bool> Cursor::step() {
  if (statement_ == nullptr) return fail(error_of(db_, sqlite3_errcode(db_)));
  if (failure_ != SQLITE_OK) return fail(error_of(nullptr, failure_));
  const int code = sqlite3_step(statement_);
  if (code == SQLITE_ROW) return true;
  if (code == SQLITE_DONE) return false;
  failure_ = code;
  return fail(error_of(db_, code));
}

Status Cursor::queue() {
  auto row = step();
  if (!row) return fail(row.error());
  return {};
}

bool Cursor::is_null(int column) const {
  return sqlite3_column_type(statement_, column) == SQLITE_NULL;
}

std::int64_t Cursor::integer(int column) const {
  return sqlite3_column_int64(statement_, column);
}

std::string_view Cursor::bytes(int column) const {
  const void* data = sqlite3_column_blob(statement_, column);
  const int size = sqlite3_column_bytes(statement_, column);
  return data == nullptr
             ? std::string_view()
             : std::string_view(static_cast<const char*>(data), static_cast<std::size_t>(size));
}

Result<std::unique_ptr<Connection>> Connection::open(const std::string& path, Access access) {
  int flags = SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_EXRESCODE;
  if (access == Access::kReadWrite) {
    // SQLite gives its -wal and -shm files the mode of the file itself. Only a file that nobody
    // has open yet is opened here: closing it would drop the locks of this process on it.
    const int file = ::open(path.c_str(), O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
    if (file < 0 && errno != EEXIST)
      return fail(system_error(errno, phrase({"creating {}", "建立 {}"}, path)));
    if (file >= 0) ::close(file);
    flags |= SQLITE_OPEN_READWRITE;
  } else {
    flags |= SQLITE_OPEN_READONLY;
  }
  sqlite3* database = nullptr;
  const int code = sqlite3_open_v2(path.c_str(), &database, flags, nullptr);
  std::unique_ptr<Connection> connection(new Connection(database));
  if (code != SQLITE_OK) return fail(error_of(database, code).within("opening " + path));
  sqlite3_busy_timeout(database, kBusyMilliseconds);
  sqlite3_db_config(database, SQLITE_DBCONFIG_DEFENSIVE, 1, nullptr);
  return connection;
}

Connection::~Connection() {
  statements_.clear();
  sqlite3_close_v2(db_);
}

sql::Cursor& Connection::cursor(std::string_view sql) {
  auto found = statements_.find(sql);
  if (found != statements_.end()) return *found->second;
  sqlite3_stmt* statement = nullptr;
  const int code = sqlite3_prepare_v3(db_, sql.data(), static_cast<int>(sql.size()),
                                      SQLITE_PREPARE_PERSISTENT, &statement, nullptr);
  auto cursor = std::make_unique<Cursor>(db_, statement);
  // One that could not be prepared (another process holds the file) may be the next time.
  if (code != SQLITE_OK) return *(failed_ = std::move(cursor));
  return *statements_.emplace(std::string(sql), std::move(cursor)).first->second;
}

const sql::Dialect& Connection::dialect() const {
  static constexpr sql::Dialect kDialect{
      "", "snapshots", "number",
      // Behind all others: what ended in a time is read together, wherever its hosts are.
      ", number = (SELECT max(number) + 1 FROM verdicts)",
      ", number = (SELECT max(number) + 1 FROM finding_spans)",
      ", number = (SELECT max(number) + 1 FROM verdict_groups)",
      "UPDATE snapshots SET manifest = x'', signature = x'' WHERE host_id = ?1 AND sequence = ?2"
      " AND accepted_at = ?3"};
  return kDialect;
}

Status Connection::execute(const std::string& sql) {
  const int code = sqlite3_exec(db_, sql.c_str(), nullptr, nullptr, nullptr);
  if (code != SQLITE_OK) return fail(error_of(db_, code));
  return {};
}

std::int64_t Connection::changes() const {
  return sqlite3_changes64(db_);
}

bool Connection::is_in_transaction() const {
  return sqlite3_get_autocommit(db_) == 0;
}

Status Transaction::begin() {
  auto begun = connection_.prepare("BEGIN IMMEDIATE").run();
  is_open_ = begun.has_value();
  return begun;
}

Status Transaction::commit() {
  if (auto done = connection_.prepare("COMMIT").run(); !done) return done;
  is_open_ = false;
  return {};
}

Transaction::~Transaction() {
  // A failed ROLLBACK means that SQLite has rolled back by itself already (full disk, I/O error).
  if (is_open_) (void)connection_.prepare("ROLLBACK").run();
}

Status Savepoint::begin() {
  auto begun = connection_.prepare("SAVEPOINT part").run();
  is_open_ = begun.has_value();
  return begun;
}

Status Savepoint::keep() {
  if (auto done = connection_.prepare("RELEASE part").run(); !done) return done;
  is_open_ = false;
  return {};
}

Savepoint::~Savepoint() {
  // When SQLite has rolled everything back by itself there is nothing left to undo.
  if (!is_open_ || !connection_.is_in_transaction()) return;
  (void)connection_.prepare("ROLLBACK TO part").run();
  (void)connection_.prepare("RELEASE part").run();
}

Status ReadTransaction::begin() {
  auto begun = connection_.prepare("BEGIN").run();
  is_open_ = begun.has_value();
  return begun;
}

ReadTransaction::~ReadTransaction() {
  if (is_open_) (void)connection_.prepare("COMMIT").run();  // there is nothing to be lost
}

}  // namespace assay::collector::sqlite
