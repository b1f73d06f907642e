#include "collector/store/sqlite/copy.h"

#include <fcntl.h>
#include <sqlite3.h>
#include <unistd.h>

#include <cerrno>
#include <filesystem>

#include "collector/store/sqlite/database.h"
#include "evidence/refusal.h"

namespace assay::collector::sqlite {

namespace {

Status copy_pages(Connection& from, Connection& to, const std::string& path) {
  sqlite3_backup* copying = sqlite3_backup_init(to.handle(), "main", from.handle(), "main");
  if (copying == nullptr) return fail(Code::kIo, path + ": " + sqlite3_errmsg(to.handle()));
  // All pages in one step, under one reading transaction: with pauses in between, every write of
  // another process would make it begin anew.
  const int code = sqlite3_backup_step(copying, -1);
  (void)sqlite3_backup_finish(copying);
  if (code == SQLITE_DONE) return {};
  const int kind = code & 0xff;
  if (kind == SQLITE_BUSY || kind == SQLITE_LOCKED)
    return refuse(Code::kUnavailable, {"the store is busy; try again", "資料庫忙碌中，請稍後再試"});
  if (kind == SQLITE_FULL)
    return refuse(Code::kNoSpace, {"{}: no space is left", "{}：儲存空間不足"}, path);
  return fail(Code::kIo, "copying to " + path + ": " + sqlite3_errstr(code));
}

Status check(Connection& copy, const std::string& path) {
  auto statement = copy.prepare("PRAGMA quick_check(1)");
  const auto row = statement.step();
  if (!row) return fail(row.error().within("reading " + path));
  if (*row && statement.text(0) == "ok") return {};
  return fail(Code::kInvalidData, path + ": " + (*row ? statement.text(0) : "cannot be read"));
}

Status sync(const std::string& path) {
  const int file = ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
  if (file < 0) return fail(system_error(errno, phrase({"opening {}", "開啟 {}"}, path)));
  const bool is_synced = ::fsync(file) == 0;
  const int problem = errno;
  ::close(file);
  if (!is_synced) return fail(system_error(problem, phrase({"syncing {}", "同步寫入 {}"}, path)));
  return {};
}

Status copy_and_check(const std::string& from, const std::string& to) {
  const auto source = Connection::open(from, Access::kReadOnly);
  if (!source) return fail(source.error());
  const auto copy = Connection::open(to, Access::kReadWrite);
  if (!copy) return fail(copy.error());
  if (auto done = copy_pages(**source, **copy, to); !done) return done;
  return check(**copy, to);
}

}  // namespace

Status check_store(const std::string& path) {
  std::error_code error;
  if (!std::filesystem::exists(path, error))
    return refuse(Code::kNotFound, {"{} is not there", "找不到 {}"}, path);
  const auto store = Connection::open(path, Access::kReadOnly);
  if (!store) return fail(store.error());
  return check(**store, path);
}

Status copy_store(const std::string& from, const std::string& to) {
  std::error_code error;
  if (!std::filesystem::exists(from, error))
    return refuse(Code::kNotFound, {"{} is not there", "找不到 {}"}, from);
  if (std::filesystem::exists(to, error))
    return refuse(Code::kConflict, {"{} is there already", "{} 已存在"}, to);
  auto done = copy_and_check(from, to);
  if (done) done = sync(to);
  // In the copy's journal mode (WAL, as the source's) opening it may have made these.
  for (const auto* side : {"-wal", "-shm"}) std::filesystem::remove(to + side, error);
  if (!done) std::filesystem::remove(to, error);
  return done;
}

}  // namespace assay::collector::sqlite
