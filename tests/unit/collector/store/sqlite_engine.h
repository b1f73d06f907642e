// SQLite files for tests, in a folder that is removed with the test.
#pragma once

#include <filesystem>
#include <memory>
#include <string>

#include "collector/store/sqlite/sqlite_store.h"
#include "tests/unit/collector/store/conformance.h"

namespace assay::collector::sqlite {

class TestFolder {
 public:
  TestFolder() {
    std::string pattern = (std::filesystem::temp_directory_path() / "assay-store-XXXXXX").string();
    path_ = ::mkdtemp(pattern.data());
  }
  ~TestFolder() { std::filesystem::remove_all(path_); }
  TestFolder(const TestFolder&) = delete;
  TestFolder& operator=(const TestFolder&) = delete;
  [[nodiscard]] std::string file() const { return (path_ / "store.db").string(); }

 private:
  std::filesystem::path path_;
};

class SqliteEngine final : public Engine {
 public:
  Result<std::unique_ptr<Store>> open() override {
    auto opened = SqliteStore::open({folder_.file(), 2, 0});
    if (!opened) return fail(opened.error());
    return std::move(*opened);
  }

 private:
  TestFolder folder_;
};

}  // namespace assay::collector::sqlite
