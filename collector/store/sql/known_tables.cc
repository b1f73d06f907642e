#include "collector/store/sql/known_tables.h"

#include <utility>

#include "evidence/refusal.h"

namespace assay::collector::sql {

void KnownTables::begin(std::int64_t version) {
  const std::lock_guard lock(mutex_);
  if (std::exchange(version_, version) != version) tables_.clear();
}

void KnownTables::forget() {
  const std::lock_guard lock(mutex_);
  tables_.clear();
}

void KnownTables::forget(const evidence::Digest& digest) {
  const std::lock_guard lock(mutex_);
  tables_.drop(digest);
}

std::optional<KnownTables::Facts> KnownTables::recall(const evidence::Digest& digest) {
  const std::lock_guard lock(mutex_);
  const auto* facts = tables_.find(digest);
  return facts == nullptr ? std::nullopt : std::optional(*facts);
}

void KnownTables::learn(const evidence::Digest& digest, const Facts& facts) {
  const std::lock_guard lock(mutex_);
  tables_.keep(digest, facts);
}

Result<KnownTables::Facts> KnownTables::find(Connection& connection,
                                             const evidence::Digest& digest) {
  if (auto facts = recall(digest)) return *facts;
  auto rows = connection.prepare(
      "SELECT t.name, t.bytes, coalesce(u.used_at, 0) FROM tables t"
      " LEFT JOIN table_uses u ON u.digest = t.digest WHERE t.digest = ?");
  const auto row = rows.bind(digest).step();
  if (!row) return fail(row.error());
  if (!*row) return refuse(Code::kNotFound, {"no table {}", "找不到資料表 {}"}, digest.hex());
  Facts facts{rows.text(0), rows.integer(1), rows.time(2)};
  learn(digest, facts);
  return facts;
}

std::vector<evidence::Digest> KnownTables::unknown(std::span<const evidence::Digest> digests) {
  const std::lock_guard lock(mutex_);
  std::vector<evidence::Digest> unknown;
  for (const auto& digest : digests)
    if (tables_.find(digest) == nullptr) unknown.push_back(digest);
  return unknown;
}

}  // namespace assay::collector::sql
