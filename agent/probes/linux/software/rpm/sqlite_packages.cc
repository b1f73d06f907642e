#include "agent/probes/linux/software/rpm/sqlite_packages.h"

#include <sqlite3.h>

#include "agent/probes/linux/software/rpm/sqlite_bytes.h"
#include "evidence/limits.h"

namespace assay::agent {
namespace {

// The steps of SQLite's machine that listing all packages may take: three for each.
constexpr int kStepsAtOnce = 1000;
constexpr std::int64_t kMaxSteps = 16 * std::int64_t{evidence::kMaxRows};

using Statement =
    std::unique_ptr<::sqlite3_stmt, decltype([](::sqlite3_stmt* s) { ::sqlite3_finalize(s); })>;

// One header, of which only the pages are read that are asked for.
class Blob final : public ByteSource {
 public:
  explicit Blob(const SqliteBytes& database) : database_(database) {}
  Blob(const Blob&) = delete;
  Blob& operator=(const Blob&) = delete;
  ~Blob() override { ::sqlite3_blob_close(blob_); }

  [[nodiscard]] Status move_to(std::int64_t row) {
    const int moved = blob_ == nullptr ? ::sqlite3_blob_open(database_.connection(), "main",
                                                             "Packages", "blob", row, 0, &blob_)
                                       : ::sqlite3_blob_reopen(blob_, row);
    if (moved != SQLITE_OK) return fail(database_.error());
    return {};
  }

  [[nodiscard]] std::uint64_t size() const override {
    return static_cast<std::uint64_t>(::sqlite3_blob_bytes(blob_));
  }

  [[nodiscard]] Result<std::string_view> at(std::uint64_t offset, std::size_t length) override {
    if (length > size() || offset > size() - length)
      return fail(Code::kInvalidData, "the header ends before it should");
    bytes_.resize(length);
    if (::sqlite3_blob_read(blob_, bytes_.data(), static_cast<int>(length),
                            static_cast<int>(offset)) != SQLITE_OK)
      return fail(database_.error());
    return bytes_;
  }

 private:
  const SqliteBytes& database_;
  ::sqlite3_blob* blob_ = nullptr;
  std::string bytes_;
};

struct Index {
  const char* table;
  const char* sql;
};
constexpr Index kNames{.table = "Name",
                       .sql = "SELECT DISTINCT hnum FROM main.Name WHERE key = ?1"};
constexpr Index kFileNames{.table = "Basenames",
                           .sql = "SELECT DISTINCT hnum FROM main.Basenames WHERE key = ?1"};

const Index* index_of(RpmSelection::By by) {
  switch (by) {
    case RpmSelection::By::kNothing: return nullptr;
    case RpmSelection::By::kName: return &kNames;
    case RpmSelection::By::kFileName: return &kFileNames;
  }
  return nullptr;
}

int count_steps(void* left) {
  return (*static_cast<std::int64_t*>(left) -= kStepsAtOnce) < 0;
}

// Visits the headers of the rows that the statement finds.
Status visit_rows(const SqliteBytes& database, ::sqlite3_stmt* statement, Blob& blob,
                  const HeaderVisitor& visit) {
  int stepped = SQLITE_ROW;
  while ((stepped = ::sqlite3_step(statement)) == SQLITE_ROW) {
    if (auto moved = blob.move_to(::sqlite3_column_int64(statement, 0)); !moved) return moved;
    if (auto visited = visit(blob); !visited) return visited;
  }
  if (stepped != SQLITE_DONE) return fail(database.error());
  return {};
}

}  // namespace

Status visit_sqlite_headers(ByteSource& file, ByteSource* log, const HeaderVisitor& visit,
                            const RpmSelection& selection) {
  const auto database = SqliteBytes::open(file, log);
  if (!database) return fail(database.error());
  auto* connection = database->connection();
  if (!database->has_table("Packages", "blob")) return fail(database->error());
  const auto* index = index_of(selection.by);
  const bool is_indexed = index != nullptr && database->has_table(index->table, "key");
  const char* sql = is_indexed ? index->sql : "SELECT rowid FROM main.Packages";
  std::int64_t steps_left = kMaxSteps;
  ::sqlite3_progress_handler(connection, kStepsAtOnce, count_steps, &steps_left);
  ::sqlite3_stmt* raw = nullptr;
  const int prepared = ::sqlite3_prepare_v2(connection, sql, -1, &raw, nullptr);
  const Statement statement(raw);
  if (prepared != SQLITE_OK) return fail(database->error());
  Blob blob(*database);
  if (!is_indexed) return visit_rows(*database, raw, blob, visit);
  for (const auto& key : selection.keys) {
    if (::sqlite3_reset(raw) != SQLITE_OK ||
        ::sqlite3_bind_text(raw, 1, key.data(), static_cast<int>(key.size()), SQLITE_STATIC) !=
            SQLITE_OK)
      return fail(database->error());
    if (auto visited = visit_rows(*database, raw, blob, visit); !visited) return visited;
  }
  return {};
}

}  // namespace assay::agent
