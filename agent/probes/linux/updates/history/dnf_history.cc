#include <sqlite3.h>

#include "agent/probes/linux/updates/history/past_run.h"
#include "evidence/timestamp.h"

namespace assay::agent {
namespace {

constexpr int kMaxSteps = 20'000'000;  // of SQLite's machine: a hostile schema may never end
constexpr std::int64_t kNoLogin = 4'294'967'295;
constexpr std::int64_t kMaxTime = 253'402'300'799;  // the end of the year 9999

// A database of a fixed layout: the first of these whose query SQLite can prepare is used.
struct Layout {
  std::string_view manager;
  const char* query;  // begin, user id, state (1 good, 0 bad, NULL), installed, upgraded, removed
};
constexpr std::array kLayouts = {
    Layout{"dnf",  // version 5
           "SELECT t.dt_begin, t.user_id, (SELECT CASE s.name WHEN 'Ok' THEN 1 WHEN 'Error' THEN 0 "
           "END FROM trans_state s WHERE s.id = t.state_id), sum(a.name = 'Install'), "
           "sum(a.name = 'Upgrade'), sum(a.name = 'Remove') FROM trans t "
           "LEFT JOIN trans_item i ON i.trans_id = t.id "
           "LEFT JOIN trans_item_action a ON a.id = i.action_id "
           "GROUP BY t.id ORDER BY t.id DESC LIMIT 500"},
    Layout{"dnf",  // version 4: 1 install, 6 upgrade, 8 remove
           "SELECT t.dt_begin, t.user_id, CASE t.state WHEN 1 THEN 1 WHEN 2 THEN 0 END, "
           "sum(i.action = 1), sum(i.action = 6), sum(i.action = 8) FROM trans t "
           "LEFT JOIN trans_item i ON i.trans_id = t.id "
           "GROUP BY t.id ORDER BY t.id DESC LIMIT 500"},
    Layout{"yum",
           "SELECT b.timestamp, b.loginuid, CASE WHEN e.return_code IS NULL THEN NULL ELSE "
           "e.return_code = 0 END, sum(d.state IN ('Install', 'True-Install', 'Dep-Install')), "
           "sum(d.state = 'Update'), sum(d.state = 'Erase') FROM trans_beg b "
           "LEFT JOIN trans_end e ON e.tid = b.tid LEFT JOIN trans_data_pkgs d ON d.tid = b.tid "
           "GROUP BY b.tid ORDER BY b.tid DESC LIMIT 500"},
};

struct Closer {
  void operator()(sqlite3* db) const { sqlite3_close_v2(db); }
  void operator()(sqlite3_stmt* statement) const { sqlite3_finalize(statement); }
};
using Database = std::unique_ptr<sqlite3, Closer>;
using Query = std::unique_ptr<sqlite3_stmt, Closer>;

std::unexpected<Error> broken(sqlite3* db) {
  return fail(Code::kInvalidData, std::string("SQLite: ") + sqlite3_errmsg(db));
}

std::uint64_t big_endian(std::string_view bytes) {
  std::uint64_t number = 0;
  for (const char c : bytes) number = number << 8U | static_cast<unsigned char>(c);
  return number;
}

// All the pages that the header counts are there. SQLite itself would only find out when it needs
// one of them.
bool has_all_pages(std::string_view bytes) {
  auto page_bytes = big_endian(bytes.substr(16, 2));
  if (page_bytes == 1) page_bytes = 65'536;
  if (page_bytes == 0 || bytes.size() % page_bytes != 0) return false;
  const bool is_count_valid = bytes.substr(24, 4) == bytes.substr(92, 4);
  return !is_count_valid || bytes.size() >= big_endian(bytes.substr(28, 4)) * page_bytes;
}

// `bytes` must outlive the database.
Result<Database> open_image(std::string& bytes) {
  constexpr std::size_t kHeaderBytes = 100;
  if (bytes.size() < kHeaderBytes || !bytes.starts_with("SQLite format 3"))
    return fail(Code::kInvalidData, "not a database of SQLite");
  if (!has_all_pages(bytes)) return fail(Code::kInvalidData, "the database is cut short");
  // Marked as written with a log of its own (WAL), it could not be opened in memory.
  bytes[18] = bytes[19] = 1;
  sqlite3* raw = nullptr;
  const int opened = sqlite3_open_v2(":memory:", &raw, SQLITE_OPEN_READWRITE, nullptr);
  Database db(raw);
  if (opened != SQLITE_OK) return fail(Code::kInternal, "SQLite has no memory");
  sqlite3_db_config(raw, SQLITE_DBCONFIG_TRUSTED_SCHEMA, 0, nullptr);
  sqlite3_db_config(raw, SQLITE_DBCONFIG_DEFENSIVE, 1, nullptr);
  sqlite3_limit(raw, SQLITE_LIMIT_LENGTH, 1 << 20);
  sqlite3_progress_handler(raw, kMaxSteps, [](void*) { return 1; }, nullptr);
  const auto size = static_cast<sqlite3_int64>(bytes.size());
  if (sqlite3_deserialize(raw, "main", reinterpret_cast<unsigned char*>(bytes.data()), size, size,
                          SQLITE_DESERIALIZE_READONLY) != SQLITE_OK)
    return broken(raw);
  return db;
}

std::optional<std::int64_t> number_at(sqlite3_stmt* query, int column) {
  if (sqlite3_column_type(query, column) != SQLITE_INTEGER) return std::nullopt;
  return sqlite3_column_int64(query, column);
}

std::string time_text(std::int64_t seconds) {
  auto text = evidence::to_timestamp(evidence::Seconds(std::chrono::seconds(seconds)));
  text[10] = ' ';
  text.resize(19);
  return text;
}

Result<PastRun> run_of(sqlite3_stmt* query, std::string_view manager) {
  const auto begin = number_at(query, 0);
  if (!begin || *begin < 0 || *begin > kMaxTime)
    return fail(Code::kInvalidData, "a run without a time");
  PastRun run{.manager = std::string(manager), .time = time_text(*begin)};
  // Nobody is logged in where a timer starts it.
  if (const auto user = number_at(query, 1)) run.is_automatic = *user == kNoLogin || *user == -1;
  if (const auto state = number_at(query, 2)) run.has_succeeded = *state == 1;
  run.installed = number_at(query, 3).value_or(0);
  run.upgraded = number_at(query, 4).value_or(0);
  run.removed = number_at(query, 5).value_or(0);
  return run;
}

}  // namespace

Result<std::vector<PastRun>> read_dnf_history(std::string database) {
  const auto db = open_image(database);
  if (!db) return fail(db.error());
  for (const auto& layout : kLayouts) {
    sqlite3_stmt* raw = nullptr;
    const int prepared = sqlite3_prepare_v2(db->get(), layout.query, -1, &raw, nullptr);
    const Query query(raw);
    if (prepared == SQLITE_ERROR) continue;  // it has other tables
    if (prepared != SQLITE_OK) return broken(db->get());
    std::vector<PastRun> runs;
    int step = SQLITE_ROW;
    while ((step = sqlite3_step(raw)) == SQLITE_ROW) {
      auto run = run_of(raw, layout.manager);
      if (!run) return fail(std::move(run.error()));
      runs.push_back(*std::move(run));
    }
    if (step != SQLITE_DONE) return broken(db->get());
    return runs;
  }
  return fail(Code::kInvalidData, "a history of a layout that is not known");
}

}  // namespace assay::agent
