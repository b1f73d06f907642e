// Cached results, in PostgreSQL: all that are asked for with one question.
#include <unordered_map>

#include "collector/store/postgres/array.h"
#include "collector/store/postgres/connection.h"
#include "collector/store/postgres/postgres_store.h"
#include "collector/store/sql/posture_rows.h"
#include "collector/store/sql/rows.h"

namespace assay::collector::postgres {

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
  std::vector<std::optional<std::string>> answer;
  for (const auto& key : keys) {
    const auto there = found.find(key);
    // One key may be asked for twice.
    answer.push_back(there == found.end() ? std::nullopt : std::optional(there->second));
  }
  return answer;
}

}  // namespace assay::collector::postgres
