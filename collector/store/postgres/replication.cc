#include "collector/store/postgres/replication.h"

#include "collector/store/postgres/connection.h"
#include "collector/store/sql/rows.h"

namespace assay::collector::postgres {

Result<Replication> replication_of(const std::string& conninfo, const Server& primary) {
  auto opened = Connection::open(conninfo, primary);
  if (!opened) return fail(opened.error());
  auto& connection = **opened;
  Replication told;
  auto settings = connection.prepare(
      "SELECT current_setting('synchronous_commit'), current_setting('synchronous_standby_names'),"
      " current_setting('fsync'), current_setting('full_page_writes'),"
      " (SELECT reset_val FROM pg_settings WHERE name = 'synchronous_commit')");
  const auto row = settings.step();
  if (!row) return fail(row.error());
  if (!*row) return fail(Code::kInternal, "the database told no settings");
  told.synchronous_commit = settings.text(0);
  told.has_to_wait = !settings.text(1).empty();
  told.has_fsync = settings.text(2) != "off";
  told.has_full_pages = settings.text(3) != "off";
  told.is_off_by_default = settings.text(4) == "off";
  auto standbys = connection.prepare(
      "SELECT application_name, sync_state FROM pg_stat_replication"
      " WHERE state IS DISTINCT FROM 'backup' ORDER BY application_name");
  auto read = sql::each(standbys, [&](const sql::Statement& standby) {
    const auto state = standby.text(1);
    told.standbys.push_back(
        {standby.text(0), !state.empty(), state == "sync" || state == "quorum"});
  });
  if (!read) return fail(read.error());
  return told;
}

}  // namespace assay::collector::postgres
