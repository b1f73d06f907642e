#include "collector/main/state.h"

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

evidence::Seconds system_now() {
  return std::chrono::floor<std::chrono::seconds>(std::chrono::system_clock::now());
}

}  // namespace assay::collector
