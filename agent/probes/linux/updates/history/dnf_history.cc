#include <array>

#include "agent/probes/linux/updates/history/history_database.h"
#include "agent/probes/linux/updates/history/past_run.h"

namespace assay::agent {
namespace {

// Begin, user id, state (1 good, 0 bad, NULL), installed, upgraded, removed.
constexpr std::array kLayouts = {
    HistoryLayout{
        "dnf",  // version 5
        "SELECT t.dt_begin, t.user_id, (SELECT CASE s.name WHEN 'Ok' THEN 1 WHEN 'Error' THEN 0 "
        "END FROM trans_state s WHERE s.id = t.state_id), sum(a.name = 'Install'), "
        "sum(a.name = 'Upgrade'), sum(a.name = 'Remove') FROM trans t "
        "LEFT JOIN trans_item i ON i.trans_id = t.id "
        "LEFT JOIN trans_item_action a ON a.id = i.action_id "
        "GROUP BY t.id ORDER BY t.id DESC LIMIT 500"},
    HistoryLayout{"dnf",  // version 4: 1 install, 6 upgrade, 8 remove
                  "SELECT t.dt_begin, t.user_id, CASE t.state WHEN 1 THEN 1 WHEN 2 THEN 0 END, "
                  "sum(i.action = 1), sum(i.action = 6), sum(i.action = 8) FROM trans t "
                  "LEFT JOIN trans_item i ON i.trans_id = t.id "
                  "GROUP BY t.id ORDER BY t.id DESC LIMIT 500"},
    HistoryLayout{
        "yum",
        "SELECT b.timestamp, b.loginuid, CASE WHEN e.return_code IS NULL THEN NULL ELSE "
        "e.return_code = 0 END, sum(d.state IN ('Install', 'True-Install', 'Dep-Install')), "
        "sum(d.state = 'Update'), sum(d.state = 'Erase') FROM trans_beg b "
        "LEFT JOIN trans_end e ON e.tid = b.tid LEFT JOIN trans_data_pkgs d ON d.tid = b.tid "
        "GROUP BY b.tid ORDER BY b.tid DESC LIMIT 500"},
};

Result<PastRun> run_of(sqlite3_stmt* row, std::string_view manager) {
  auto time = time_at(row, 0);
  if (!time) return fail(std::move(time.error()));
  PastRun run{.manager = std::string(manager), .time = *std::move(time)};
  if (const auto user = number_at(row, 1)) run.is_automatic = is_nobody(*user);
  if (const auto state = number_at(row, 2)) run.has_succeeded = *state == 1;
  run.installed = number_at(row, 3).value_or(0);
  run.upgraded = number_at(row, 4).value_or(0);
  run.removed = number_at(row, 5).value_or(0);
  return run;
}

}  // namespace

Result<std::vector<PastRun>> read_dnf_history(ByteSource& database, ByteSource* log) {
  std::vector<PastRun> runs;
  auto read = for_each_row(database, log, kLayouts,
                           [&](sqlite3_stmt* row, std::string_view manager) -> Status {
                             auto run = run_of(row, manager);
                             if (!run) return fail(std::move(run.error()));
                             runs.push_back(*std::move(run));
                             return {};
                           });
  if (!read) return fail(std::move(read.error()));
  return runs;
}

}  // namespace assay::agent
