// Results and tables that are asked for by their digests, in PostgreSQL: all with one question.
#include <unordered_map>

#include "collector/store/postgres/array.h"
#include "collector/store/postgres/connection.h"
#include "collector/store/postgres/postgres_store.h"
#include "collector/store/sql/evidence_rows.h"
#include "collector/store/sql/posture_rows.h"
#include "collector/store/sql/rows.h"

namespace assay::collector::postgres {
namespace {

// What was found of each, in their order; one may be asked for twice.
template <typename Found>
std::vector<std::optional<Found>> in_order(
    std::span<const evidence::Digest> asked,
    const std::unordered_map<evidence::Digest, Found>& found) {
  std::vector<std::optional<Found>> answer;
  for (const auto& digest : asked) {
    const auto there = found.find(digest);
    answer.push_back(there == found.end() ? std::nullopt : std::optional(there->second));
  }
  return answer;
}

}  // namespace

Result<std::vector<std::optional<std::string>>> PostgresStore::do_results(
    std::span<const evidence::Digest> keys) {
  Array asked(kBytea);
  for (const auto& key : keys) asked.add(key);
  std::unordered_map<evidence::Digest, std::string> found;
  const auto done = run_reading([&](sql::Connection& connection) -> Status {
    found.clear();
    // NOLINTNEXTLINE(cppcoreguidelines-pro-type-static-cast-downcast): all of ours are
    Query question(static_cast<Connection&>(connection),
                   "SELECT json, frame, key FROM results WHERE key = ANY(?1)");
    question->bind_array(asked);
    return sql::each(question.rows(), [&](const sql::Statement& row) -> Status {
      const auto key = row.digest(2);
      auto json = sql::read_result(row, key);
      if (!json) return fail(json.error());
      found.emplace(key, std::move(*json));
      return {};
    });
  });
  if (!done) return fail(done.error());
  return in_order(keys, found);
}

Result<std::vector<std::optional<KeptTable>>> PostgresStore::do_kept_tables(
    std::span<const evidence::Digest> digests, std::int64_t most_bytes) {
  Array asked(kBytea);
  for (const auto& digest : digests) asked.add(digest);
  std::unordered_map<evidence::Digest, KeptTable> found;
  const auto done = run_reading([&](sql::Connection& connection) -> Status {
    found.clear();
    // One look into the index for each: see group_commit.cc.
    // NOLINTNEXTLINE(cppcoreguidelines-pro-type-static-cast-downcast): all of ours are
    Query question(static_cast<Connection&>(connection),
                   "SELECT t.digest, t.name, t.bytes, t.frame, t.base, b.digest, b.name, b.bytes,"
                   " b.frame FROM unnest((SELECT ?1)) AS a (digest) JOIN LATERAL (SELECT * FROM"
                   " tables WHERE digest = a.digest AND length(frame) <= ?2 OFFSET 0) AS t ON true"
                   " LEFT JOIN LATERAL (SELECT * FROM tables WHERE digest = t.base AND base IS NULL"
                   " OFFSET 0) AS b ON true WHERE t.base IS NULL OR length(b.frame) <= ?2");
    question->bind_array(asked);
    question->bind_integer(most_bytes);
    return sql::each(question.rows(), [&](const sql::Statement& row) {
      found.emplace(row.digest(0), sql::read_kept_table(row));
    });
  });
  if (!done) return fail(done.error());
  return in_order(digests, found);
}

}  // namespace assay::collector::postgres
