// What witnesses of the ledger said, and whose turn it is to ask them.
#include "collector/store/sql/rows.h"
#include "collector/store/sql/sql_store.h"
#include "collector/store/sql/turn.h"

namespace assay::collector::sql {

Status SqlStore::do_add_cosignature(const StoredCosignature& cosignature) {
  return writing(Lock::kNone, [&](Connection& connection) -> Status {
    auto done = connection
                    .prepare(
                        "INSERT INTO ledger_cosignatures (witness, size, at, note, line)"
                        " VALUES (?, ?, ?, ?, ?) ON CONFLICT (witness) DO UPDATE SET"
                        " size = excluded.size, at = excluded.at, note = excluded.note,"
                        " line = excluded.line WHERE ledger_cosignatures.size <= excluded.size")
                    .bind(cosignature.witness, cosignature.size, cosignature.at, cosignature.note,
                          cosignature.line)
                    .run();
    if (!done) return done;
    return connection.prepare("DELETE FROM witness_troubles WHERE witness = ?")
        .bind(cosignature.witness)
        .run();
  });
}

Result<std::vector<StoredCosignature>> SqlStore::do_cosignatures() {
  return reading([&](Connection& connection) -> Result<std::vector<StoredCosignature>> {
    auto rows = connection.prepare(
        "SELECT witness, size, at, note, line FROM ledger_cosignatures ORDER BY witness");
    return all(rows, [](const Statement& row) {
      return StoredCosignature{row.text(0), row.integer(1), row.time(2), row.text(3), row.text(4)};
    });
  });
}

Status SqlStore::do_set_witness_trouble(const WitnessTrouble& trouble) {
  return writing(Lock::kNone, [&](Connection& connection) -> Status {
    // An alarm is not over because the witness is away now.
    return connection
        .prepare(
            "INSERT INTO witness_troubles (witness, since, is_alarm, en, zh_tw)"
            " VALUES (?, ?, ?, ?, ?) ON CONFLICT (witness) DO UPDATE SET"
            " since = CASE WHEN witness_troubles.en = excluded.en THEN witness_troubles.since"
            " ELSE excluded.since END,"
            " is_alarm = excluded.is_alarm, en = excluded.en, zh_tw = excluded.zh_tw"
            " WHERE excluded.is_alarm OR NOT witness_troubles.is_alarm")
        .bind(trouble.witness, trouble.since, trouble.is_alarm, trouble.what.en, trouble.what.zh_tw)
        .run();
  });
}

Result<std::vector<WitnessTrouble>> SqlStore::do_witness_troubles() {
  return reading([&](Connection& connection) -> Result<std::vector<WitnessTrouble>> {
    auto rows = connection.prepare(
        "SELECT witness, since, is_alarm, en, zh_tw FROM witness_troubles ORDER BY witness");
    return all(rows, [](const Statement& row) {
      return WitnessTrouble{row.text(0), row.time(1), row.integer(2) != 0,
                            Text{row.text(3), row.text(4)}};
    });
  });
}

Result<bool> SqlStore::do_claim_witnessing(evidence::Seconds now, evidence::Seconds until) {
  return writing(Lock::kNone, [&](Connection& connection) {
    return take_turn(connection, "witness_claim", now, until);
  });
}

}  // namespace assay::collector::sql
