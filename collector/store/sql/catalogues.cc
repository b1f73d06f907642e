// By which words and figures answers were given, since when.
#include "collector/store/sql/rows.h"
#include "collector/store/sql/sql_store.h"
#include "evidence/refusal.h"

namespace assay::collector::sql {

Status SqlStore::do_add_catalogue(const StoredCatalogue& catalogue) {
  return writing(Lock::kRecords, [&](Connection& connection) -> Status {
    auto latest =
        connection.prepare("SELECT digest FROM catalogue_times ORDER BY number DESC LIMIT 1");
    const auto row = latest.step();
    if (!row) return fail(row.error());
    if (*row && latest.digest(0) == catalogue.digest) return {};
    auto stored = connection
                      .prepare(
                          "INSERT INTO catalogues (digest, frame) VALUES (?, ?)"
                          " ON CONFLICT (digest) DO NOTHING")
                      .bind(catalogue.digest, Blob{catalogue.frame})
                      .queue();
    if (!stored) return stored;
    return connection
        .prepare(
            "INSERT INTO catalogue_times (number, digest, since)"
            " SELECT coalesce(max(number), 0) + 1, ?1, ?2 FROM catalogue_times")
        .bind(catalogue.digest, catalogue.since)
        .run();
  });
}

Result<evidence::Digest> SqlStore::do_catalogue_at(evidence::Seconds when) {
  return reading([&](Connection& connection) -> Result<evidence::Digest> {
    auto rows = connection.prepare(
        "SELECT digest FROM catalogue_times ORDER BY since <= ?1 DESC,"
        " CASE WHEN since <= ?1 THEN -number ELSE number END LIMIT 1");
    rows.bind(when);
    return one(
        rows, [](const Statement& row) { return row.digest(0); },
        [] { return phrase({"no catalogue was kept yet", "尚未保存任何規則目錄"}); });
  });
}

Result<std::string> SqlStore::do_catalogue(const evidence::Digest& digest) {
  return reading([&](Connection& connection) -> Result<std::string> {
    auto rows = connection.prepare("SELECT frame FROM catalogues WHERE digest = ?");
    rows.bind(digest);
    return one(
        rows, [](const Statement& row) { return row.text(0); },
        [&] { return phrase({"no catalogue {}", "沒有規則目錄 {}"}, digest.hex()); });
  });
}

}  // namespace assay::collector::sql
