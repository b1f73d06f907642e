#include <sqlite3.h>

#include "agent/probes/linux/software/rpm/sqlite_bytes.h"
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

struct Finalizer {
  void operator()(sqlite3_stmt* statement) const { sqlite3_finalize(statement); }
};
using Query = std::unique_ptr<sqlite3_stmt, Finalizer>;

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

Result<std::vector<PastRun>> read_dnf_history(ByteSource& database, ByteSource* log) {
  if (!ends_with_a_page(database))
    return fail(Code::kInvalidData, "no database of SQLite, or one that is cut short");
  const auto db = SqliteBytes::open(database, log);
  if (!db) return fail(db.error());
  sqlite3_progress_handler(db->connection(), kMaxSteps, [](void*) { return 1; }, nullptr);
  for (const auto& layout : kLayouts) {
    sqlite3_stmt* raw = nullptr;
    const int prepared = sqlite3_prepare_v2(db->connection(), layout.query, -1, &raw, nullptr);
    const Query query(raw);
    if (prepared == SQLITE_ERROR) continue;  // it has other tables
    if (prepared != SQLITE_OK) return fail(db->error());
    std::vector<PastRun> runs;
    int step = SQLITE_ROW;
    while ((step = sqlite3_step(raw)) == SQLITE_ROW) {
      auto run = run_of(raw, layout.manager);
      if (!run) return fail(std::move(run.error()));
      runs.push_back(*std::move(run));
    }
    if (step != SQLITE_DONE) return fail(db->error());
    return runs;
  }
  return fail(Code::kInvalidData, "a history of a layout that is not known");
}

}  // namespace assay::agent
