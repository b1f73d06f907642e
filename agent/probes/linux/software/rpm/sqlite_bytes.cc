#include "agent/probes/linux/software/rpm/sqlite_bytes.h"

#include <sqlite3.h>

#include <cstring>

#include "agent/probes/linux/software/bytes/byte_order.h"

namespace assay::agent {
namespace {

constexpr std::string_view kDatabaseName = "rpmdb";
constexpr int kMaxNameBytes = 64;
constexpr int kMaxValueBytes = 512 << 20;  // more than the largest header
constexpr int kSectorBytes = 4096;

}  // namespace

// What SQLite calls a VFS, for these two files and nothing else. It is registered under a name of
// its own for as long as the connection is open.
struct SqliteBytes::Files {
  ::sqlite3_vfs vfs{};
  std::string name;
  ByteSource* database = nullptr;
  ByteSource* log = nullptr;
  std::optional<Error> failure;
  ::sqlite3* connection = nullptr;

  ~Files() {
    if (connection != nullptr) ::sqlite3_close_v2(connection);
    if (!name.empty()) ::sqlite3_vfs_unregister(&vfs);
  }
};

namespace {

struct File {
  ::sqlite3_file base;
  ByteSource* bytes;
  std::optional<Error>* failure;
  bool may_change;  // false lets SQLite do without its log
};

File& file_of(::sqlite3_file* file) {
  return *reinterpret_cast<File*>(file);
}

int read_bytes(::sqlite3_file* base, void* out, int length, ::sqlite3_int64 offset) {
  auto& file = file_of(base);
  const auto wanted = static_cast<std::uint64_t>(length);
  const auto from = static_cast<std::uint64_t>(offset);
  const auto size = file.bytes->size();
  const auto there = from >= size ? 0 : std::min(wanted, size - from);
  if (there > 0) {
    const auto bytes = file.bytes->at(from, static_cast<std::size_t>(there));
    if (!bytes) {
      *file.failure = bytes.error();
      return SQLITE_IOERR_READ;
    }
    std::memcpy(out, bytes->data(), bytes->size());
  }
  if (there == wanted) return SQLITE_OK;
  std::memset(static_cast<char*>(out) + there, 0, static_cast<std::size_t>(wanted - there));
  return SQLITE_IOERR_SHORT_READ;
}

int file_size(::sqlite3_file* base, ::sqlite3_int64* size) {
  *size = static_cast<::sqlite3_int64>(file_of(base).bytes->size());
  return SQLITE_OK;
}

int close_file(::sqlite3_file*) {
  return SQLITE_OK;
}
int refuse_write(::sqlite3_file*, const void*, int, ::sqlite3_int64) {
  return SQLITE_READONLY;
}
int refuse_truncate(::sqlite3_file*, ::sqlite3_int64) {
  return SQLITE_READONLY;
}
int grant(::sqlite3_file*, int) {
  return SQLITE_OK;
}
int no_lock(::sqlite3_file*, int* is_reserved) {
  *is_reserved = 0;
  return SQLITE_OK;
}
int no_control(::sqlite3_file*, int, void*) {
  return SQLITE_NOTFOUND;
}
int sector_size(::sqlite3_file*) {
  return kSectorBytes;
}
int characteristics(::sqlite3_file* base) {
  return file_of(base).may_change ? 0 : SQLITE_IOCAP_IMMUTABLE;
}

constexpr ::sqlite3_io_methods kMethods = {
    .iVersion = 1,
    .xClose = close_file,
    .xRead = read_bytes,
    .xWrite = refuse_write,
    .xTruncate = refuse_truncate,
    .xSync = grant,
    .xFileSize = file_size,
    .xLock = grant,
    .xUnlock = grant,
    .xCheckReservedLock = no_lock,
    .xFileControl = no_control,
    .xSectorSize = sector_size,
    .xDeviceCharacteristics = characteristics,
    .xShmMap = nullptr,
    .xShmLock = nullptr,
    .xShmBarrier = nullptr,
    .xShmUnmap = nullptr,
    .xFetch = nullptr,
    .xUnfetch = nullptr,
};

template <typename Files>
int open_file(::sqlite3_vfs* vfs, const char*, ::sqlite3_file* base, int flags, int* out_flags) {
  auto& files = *static_cast<Files*>(vfs->pAppData);
  auto& file = file_of(base);
  file.base.pMethods = nullptr;
  ByteSource* bytes = (flags & SQLITE_OPEN_MAIN_DB) != 0 ? files.database
                      : (flags & SQLITE_OPEN_WAL) != 0   ? files.log
                                                         : nullptr;
  if (bytes == nullptr) return SQLITE_CANTOPEN;
  file = File{.base = {&kMethods},
              .bytes = bytes,
              .failure = &files.failure,
              .may_change = files.log != nullptr};
  if (out_flags != nullptr) *out_flags = SQLITE_OPEN_READONLY;
  return SQLITE_OK;
}

int refuse_delete(::sqlite3_vfs*, const char*, int) {
  return SQLITE_READONLY;
}

template <typename Files>
int has_access(::sqlite3_vfs* vfs, const char* name, int, int* answer) {
  const auto& files = *static_cast<Files*>(vfs->pAppData);
  const std::string_view path(name);
  *answer = path.ends_with(kDatabaseName) || (path.ends_with("-wal") && files.log != nullptr);
  return SQLITE_OK;
}

int full_name(::sqlite3_vfs*, const char* name, int size, char* out) {
  const std::string_view path(name);
  if (path.size() >= static_cast<std::size_t>(size)) return SQLITE_CANTOPEN;
  std::memcpy(out, path.data(), path.size());
  out[path.size()] = '\0';
  return SQLITE_OK;
}

int no_randomness(::sqlite3_vfs*, int size, char* out) {
  std::memset(out, 0, static_cast<std::size_t>(size));
  return size;
}
int no_sleep(::sqlite3_vfs*, int microseconds) {
  return microseconds;
}
int no_time(::sqlite3_vfs*, double* time) {
  *time = 0;
  return SQLITE_OK;
}
int no_last_error(::sqlite3_vfs*, int, char*) {
  return 0;
}

// Refused whatever the file's schema says; read at once, before anything else of the file is.
bool prepare_connection(::sqlite3* connection, bool has_log) {
  ::sqlite3_limit(connection, SQLITE_LIMIT_LENGTH, kMaxValueBytes);
  ::sqlite3_db_config(connection, SQLITE_DBCONFIG_DEFENSIVE, 1, nullptr);
  ::sqlite3_db_config(connection, SQLITE_DBCONFIG_TRUSTED_SCHEMA, 0, nullptr);
  ::sqlite3_db_config(connection, SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, 1, nullptr);
  // Alone with the log, SQLite needs no memory shared with others. It has to know before it reads.
  const char* settings = has_log ? "PRAGMA locking_mode = EXCLUSIVE; PRAGMA cache_size = -1024"
                                 : "PRAGMA cache_size = -1024";
  return ::sqlite3_exec(connection, settings, nullptr, nullptr, nullptr) == SQLITE_OK;
}

}  // namespace

SqliteBytes::SqliteBytes(std::unique_ptr<Files> files) : files_(std::move(files)) {}
SqliteBytes::SqliteBytes(SqliteBytes&&) noexcept = default;
SqliteBytes& SqliteBytes::operator=(SqliteBytes&&) noexcept = default;
SqliteBytes::~SqliteBytes() = default;

::sqlite3* SqliteBytes::connection() const {
  return files_->connection;
}

bool SqliteBytes::has_table(const char* table, const char* column) const {
  ::sqlite3_stmt* query = nullptr;
  constexpr const char* kPlain =
      "SELECT 1 FROM main.sqlite_schema WHERE type = 'table' AND rootpage > 0 "
      "AND name = ?1 COLLATE NOCASE "
      "AND NOT EXISTS (SELECT 1 FROM pragma_table_xinfo(?1) WHERE hidden <> 0)";
  const int prepared = ::sqlite3_prepare_v2(connection(), kPlain, -1, &query, nullptr);
  if (prepared != SQLITE_OK) return false;
  (void)::sqlite3_bind_text(query, 1, table, -1, SQLITE_STATIC);  // fails only without memory
  const bool is_there = ::sqlite3_step(query) == SQLITE_ROW;
  if (const int ended = ::sqlite3_finalize(query); ended != SQLITE_OK || !is_there) return false;
  return ::sqlite3_table_column_metadata(connection(), "main", table, column, nullptr, nullptr,
                                         nullptr, nullptr, nullptr) == SQLITE_OK;
}

Error SqliteBytes::error() const {
  if (files_->failure) return *files_->failure;
  const auto code = ::sqlite3_errcode(files_->connection) & 0xff;
  if (code == SQLITE_OK) return {Code::kInvalidData, "a database of SQLite with other tables"};
  return {code == SQLITE_NOMEM || code == SQLITE_INTERRUPT || code == SQLITE_TOOBIG
              ? Code::kTooLarge
              : Code::kInvalidData,
          std::string("SQLite says: ").append(::sqlite3_errmsg(files_->connection))};
}

bool ends_with_a_page(ByteSource& database) {
  constexpr std::uint64_t kPageSizeOffset = 16;
  const auto stated = database.at(kPageSizeOffset, 2);
  if (!stated) return false;
  const auto page_bytes = big_endian_16(*stated) == 1 ? 65'536U : big_endian_16(*stated);
  return page_bytes != 0 && database.size() % page_bytes == 0;
}

Result<SqliteBytes> SqliteBytes::open(ByteSource& database, ByteSource* log) {
  auto files = std::make_unique<Files>();
  files->database = &database;
  files->log = log;
  // Unlike any other that is open.
  auto name = "assay-" + std::to_string(reinterpret_cast<std::uintptr_t>(files.get()));
  files->vfs = ::sqlite3_vfs{.iVersion = 1,
                             .szOsFile = sizeof(File),
                             .mxPathname = kMaxNameBytes,
                             .pNext = nullptr,
                             .zName = name.c_str(),
                             .pAppData = files.get(),
                             .xOpen = open_file<Files>,
                             .xDelete = refuse_delete,
                             .xAccess = has_access<Files>,
                             .xFullPathname = full_name,
                             .xDlOpen = nullptr,
                             .xDlError = nullptr,
                             .xDlSym = nullptr,
                             .xDlClose = nullptr,
                             .xRandomness = no_randomness,
                             .xSleep = no_sleep,
                             .xCurrentTime = no_time,
                             .xGetLastError = no_last_error,
                             .xCurrentTimeInt64 = nullptr,
                             .xSetSystemCall = nullptr,
                             .xGetSystemCall = nullptr,
                             .xNextSystemCall = nullptr};
  files->name = std::move(name);
  files->vfs.zName = files->name.c_str();
  if (::sqlite3_vfs_register(&files->vfs, 0) != SQLITE_OK)
    return fail(Code::kInternal, "SQLite takes no further file system");
  const int opened =
      ::sqlite3_open_v2(std::string(kDatabaseName).c_str(), &files->connection,
                        SQLITE_OPEN_READONLY | SQLITE_OPEN_NOMUTEX, files->name.c_str());
  SqliteBytes bytes(std::move(files));
  if (opened != SQLITE_OK || !prepare_connection(bytes.connection(), log != nullptr))
    return fail(bytes.error());
  return bytes;
}

}  // namespace assay::agent
