#include "agent/probes/linux/updates/history/history_database.h"

#include <memory>

#include "agent/probes/linux/software/rpm/sqlite_bytes.h"
#include "evidence/timestamp.h"

namespace assay::agent {
namespace {

constexpr int kMaxSteps = 20'000'000;  // of SQLite's machine: a hostile schema may never end
constexpr std::int64_t kMaxTime = 253'402'300'799;  // the end of the year 9999

struct Finalizer {
  void operator()(sqlite3_stmt* statement) const { sqlite3_finalize(statement); }
};
using Query = std::unique_ptr<sqlite3_stmt, Finalizer>;

}  // namespace

Status for_each_row(
    ByteSource& database, ByteSource* log, std::span<const HistoryLayout> layouts,
    const std::function<Status(sqlite3_stmt* row, std::string_view manager)>& take) {
  if (!ends_with_a_page(database))
    return fail(Code::kInvalidData, "no database of SQLite, or one that is cut short");
  const auto db = SqliteBytes::open(database, log);
  if (!db) return fail(db.error());
  sqlite3_progress_handler(db->connection(), kMaxSteps, [](void*) { return 1; }, nullptr);
  for (const auto& layout : layouts) {
    sqlite3_stmt* raw = nullptr;
    const int prepared = sqlite3_prepare_v2(db->connection(), layout.query.data(),
                                            static_cast<int>(layout.query.size()), &raw, nullptr);
    const Query query(raw);
    if (prepared == SQLITE_ERROR) continue;  // it has other tables
    if (prepared != SQLITE_OK) return fail(db->error());
    int step = SQLITE_ROW;
    while ((step = sqlite3_step(raw)) == SQLITE_ROW)
      if (auto taken = take(raw, layout.manager); !taken) return taken;
    if (step != SQLITE_DONE) return fail(db->error());
    return {};
  }
  return fail(Code::kInvalidData, "a history of a layout that is not known");
}

std::optional<std::int64_t> number_at(sqlite3_stmt* row, int column) {
  if (sqlite3_column_type(row, column) != SQLITE_INTEGER) return std::nullopt;
  return sqlite3_column_int64(row, column);
}

std::string text_at(sqlite3_stmt* row, int column) {
  if (sqlite3_column_type(row, column) != SQLITE_TEXT) return {};
  const auto* text = reinterpret_cast<const char*>(sqlite3_column_text(row, column));
  return {text, static_cast<std::size_t>(sqlite3_column_bytes(row, column))};
}

Result<std::string> time_at(sqlite3_stmt* row, int column) {
  const auto seconds = number_at(row, column);
  if (!seconds || *seconds < 0 || *seconds > kMaxTime)
    return fail(Code::kInvalidData, "a run without a time");
  auto text = evidence::to_timestamp(evidence::Seconds(std::chrono::seconds(*seconds)));
  text[10] = ' ';
  text.resize(19);
  return text;
}

bool is_nobody(std::int64_t uid) {
  constexpr std::int64_t kNoLogin = 4'294'967'295;
  return uid == kNoLogin || uid == -1;
}

}  // namespace assay::agent
