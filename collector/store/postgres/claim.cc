// Sharing the work of judging among the collectors of one database.
#include "collector/store/postgres/array.h"
#include "collector/store/postgres/connection.h"
#include "collector/store/postgres/postgres_store.h"
#include "collector/store/sql/rows.h"

namespace assay::collector::postgres {

Result<std::vector<std::string>> PostgresStore::do_claim(std::span<const std::string> hosts,
                                                         std::string_view owner,
                                                         evidence::Seconds now,
                                                         evidence::Seconds until) {
  Array wanted(kText);
  for (const auto& host_id : hosts) wanted.add(host_id);
  return writing(
      sql::Lock::kNone, [&](sql::Connection& connection) -> Result<std::vector<std::string>> {
        // In the order of their ids, so that two who claim the same hosts wait in one direction.
        // NOLINTNEXTLINE(cppcoreguidelines-pro-type-static-cast-downcast): all of ours are
        Query claimed(static_cast<Connection&>(connection),
                      "INSERT INTO evaluation_claims (host_id, owner, until)"
                      " SELECT u.id, ?2, ?3 FROM unnest(?1) AS u (id) ORDER BY u.id"
                      " ON CONFLICT (host_id) DO UPDATE SET owner = excluded.owner,"
                      " until = excluded.until WHERE evaluation_claims.owner = excluded.owner"
                      " OR evaluation_claims.until <= ?4 RETURNING host_id");
        claimed->bind_array(wanted);
        claimed->bind_text(owner);
        claimed->bind_integer(until.time_since_epoch().count());
        claimed->bind_integer(now.time_since_epoch().count());
        return sql::all(claimed.rows(), [](const sql::Statement& row) { return row.text(0); });
      });
}

}  // namespace assay::collector::postgres
