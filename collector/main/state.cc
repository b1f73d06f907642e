#include "collector/main/state.h"

#include <fcntl.h>
#include <sys/file.h>
#include <unistd.h>

#include <cerrno>
#include <filesystem>

#include "collector/store/sqlite/sqlite_store.h"

namespace assay::collector {

Result<std::unique_ptr<Store>> open_store(const std::string& state, bool may_create) {
  const std::string path = state + "/store.db";
  std::error_code error;
  if (!may_create && !std::filesystem::exists(path, error)) {
    return fail(Code::kNotFound,
                path + " is not there; run: assay-collector init --state " + state);
  }
  sqlite::Options options;
  options.path = path;
  auto opened = sqlite::SqliteStore::open(options);
  if (!opened) return fail(opened.error());
  return std::move(*opened);
}

Result<ServeLock> ServeLock::take(const std::string& state) {
  const std::string path = state + "/lock";
  const int file = ::open(path.c_str(), O_RDWR | O_CREAT | O_NOFOLLOW | O_CLOEXEC, 0600);
  if (file < 0) return fail(system_error(errno, "opening " + path));
  ServeLock lock(file);
  if (::flock(file, LOCK_EX | LOCK_NB) == 0) return lock;
  if (errno != EWOULDBLOCK) return fail(system_error(errno, "locking " + path));
  return fail(Code::kConflict, "another assay-collector serves " + state);
}

ServeLock::~ServeLock() {
  if (file_ >= 0) ::close(file_);
}

evidence::Seconds system_now() {
  return std::chrono::floor<std::chrono::seconds>(std::chrono::system_clock::now());
}

}  // namespace assay::collector
