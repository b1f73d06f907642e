#include "collector/main/state.h"

#include <fcntl.h>
#include <sys/file.h>
#include <unistd.h>

#include <cerrno>
#include <chrono>
#include <filesystem>
#include <thread>

#include "collector/main/settings.h"
#include "collector/main/store_name.h"
#include "collector/store/postgres/postgres_store.h"
#include "collector/store/sqlite/sqlite_store.h"
#include "evidence/refusal.h"

namespace assay::collector {
namespace {

constexpr int kTries = 3;
constexpr std::chrono::milliseconds kPause{50};

}  // namespace

Result<std::unique_ptr<Store>> open_database(const std::string& conninfo, bool may_migrate) {
  postgres::Options options;
  options.conninfo = conninfo;
  options.may_migrate = may_migrate;
  auto opened = postgres::PostgresStore::open(options);
  if (!opened) return fail(opened.error());
  return std::move(*opened);
}

Result<std::unique_ptr<Store>> open_store(const std::string& state, bool may_create,
                                          bool may_migrate) {
  const auto settings = load_settings(state);
  if (!settings) return fail(settings.error());
  if (const auto conninfo = postgres_conninfo(settings->store); !conninfo.empty())
    return open_database(conninfo, may_migrate);
  const std::string path = state + "/store.db";
  std::error_code error;
  if (!may_create && !std::filesystem::exists(path, error)) {
    return refuse(Code::kNotFound,
                  {"{} is not there; run: assay-collector init --state {}",
                   "{} 不存在；請執行「assay-collector init --state {}」"},
                  path, state);
  }
  sqlite::Options options;
  options.path = path;
  options.may_migrate = may_migrate;
  auto opened = sqlite::SqliteStore::open(options);
  if (!opened) return fail(opened.error());
  return std::move(*opened);
}

Result<ServeLock> ServeLock::take(const std::string& state) {
  const std::string path = state + "/lock";
  const int file = ::open(path.c_str(), O_RDWR | O_CREAT | O_NOFOLLOW | O_CLOEXEC, 0600);
  if (file < 0) return fail(system_error(errno, phrase({"opening {}", "開啟 {}"}, path)));
  ServeLock lock(file);
  // Whoever asks is_held() has it for a moment.
  for (int i = 0; i < kTries; ++i) {
    if (::flock(file, LOCK_EX | LOCK_NB) == 0) return lock;
    if (errno != EWOULDBLOCK) break;
    std::this_thread::sleep_for(kPause);
  }
  if (errno != EWOULDBLOCK)
    return fail(system_error(errno, phrase({"locking {}", "鎖定 {}"}, path)));
  return refuse(Code::kConflict,
                {"another assay-collector serves {}", "另一個 assay-collector 正在使用 {}"}, state);
}

bool ServeLock::is_held(const std::string& state) {
  const int file = ::open((state + "/lock").c_str(), O_RDONLY | O_NOFOLLOW | O_CLOEXEC);
  if (file < 0) return false;
  // Shared, so that two who ask do not take each other for a collector.
  const bool is_held = ::flock(file, LOCK_SH | LOCK_NB) != 0 && errno == EWOULDBLOCK;
  ::close(file);
  return is_held;
}

ServeLock::~ServeLock() {
  if (file_ >= 0) ::close(file_);
}

}  // namespace assay::collector
