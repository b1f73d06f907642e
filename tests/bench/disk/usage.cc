#include "tests/bench/disk/usage.h"

#include <sqlite3.h>

#include <algorithm>
#include <filesystem>
#include <memory>
#include <stdexcept>

namespace assay::bench {
namespace {

// Of a statement that gives a name, a number of rows and one of bytes.
std::vector<Part> asked(const std::string& store, const char* sql) {
  sqlite3* opened = nullptr;
  const int code = sqlite3_open_v2(store.c_str(), &opened, SQLITE_OPEN_READONLY, nullptr);
  const std::unique_ptr<sqlite3, int (*)(sqlite3*)> database(opened, sqlite3_close);
  sqlite3_stmt* prepared = nullptr;
  if (code != SQLITE_OK || sqlite3_prepare_v2(opened, sql, -1, &prepared, nullptr) != SQLITE_OK)
    throw std::runtime_error(sqlite3_errmsg(opened));
  const std::unique_ptr<sqlite3_stmt, int (*)(sqlite3_stmt*)> statement(prepared, sqlite3_finalize);
  std::vector<Part> parts;
  while (sqlite3_step(prepared) == SQLITE_ROW) {
    const auto* name = sqlite3_column_text(prepared, 0);
    parts.push_back({std::string(reinterpret_cast<const char*>(name)),
                     sqlite3_column_int64(prepared, 1), sqlite3_column_int64(prepared, 2)});
  }
  if (sqlite3_errcode(opened) != SQLITE_DONE) throw std::runtime_error(sqlite3_errmsg(opened));
  return parts;
}

}  // namespace

std::vector<Part> files_in(const std::string& folder) {
  std::vector<Part> files;
  for (const auto& file : std::filesystem::recursive_directory_iterator(folder))
    if (file.is_regular_file())
      files.push_back({std::filesystem::relative(file.path(), folder).string(), 0,
                       static_cast<std::int64_t>(file.file_size())});
  std::ranges::sort(files, std::ranges::greater(), &Part::bytes);
  return files;
}

std::int64_t bytes_of(const std::vector<Part>& parts) {
  std::int64_t bytes = 0;
  for (const auto& part : parts) bytes += part.bytes;
  return bytes;
}

std::vector<Part> parts_of(const std::string& store) {
  return asked(store,
               "SELECT d.name, sum(d.ncell * (d.pagetype = 'leaf')), sum(d.pgsize) FROM dbstat d"
               " GROUP BY d.name ORDER BY 3 DESC");
}

std::vector<Part> evidence_of(const std::string& store) {
  return asked(store,
               "SELECT name, count(*), sum(length(frame)) FROM tables GROUP BY name"
               " ORDER BY 3 DESC");
}

}  // namespace assay::bench
