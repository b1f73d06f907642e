#include "collector/store/sqlite/known_tables.h"

#include <utility>

#include "evidence/refusal.h"

namespace assay::collector::sqlite {

Status KnownTables::begin(Connection& connection) {
  // Differs from the last answer when any other connection has committed in between.
  auto statement = connection.prepare("PRAGMA data_version");
  const auto row = statement.step();
  if (!row) return fail(row.error());
  const auto version = statement.integer(0);
  if (std::exchange(version_, version) != version) forget();
  return {};
}

void KnownTables::forget() {
  const std::lock_guard lock(mutex_);
  newer_.clear();
  older_.clear();
}

const KnownTables::Facts* KnownTables::remembered(const evidence::Digest& digest) {
  if (const auto found = newer_.find(digest); found != newer_.end()) return &found->second;
  const auto found = older_.find(digest);
  if (found == older_.end()) return nullptr;
  auto facts = std::move(found->second);
  older_.erase(found);
  keep(digest, std::move(facts));
  return &newer_.at(digest);
}

void KnownTables::keep(const evidence::Digest& digest, Facts facts) {
  if (newer_.size() >= kMaxEach) older_ = std::exchange(newer_, {});
  newer_.insert_or_assign(digest, std::move(facts));
}

Result<KnownTables::Facts> KnownTables::find(Connection& connection,
                                             const evidence::Digest& digest) {
  {
    const std::lock_guard lock(mutex_);
    if (const auto* facts = remembered(digest)) return *facts;
  }
  auto rows = connection.prepare("SELECT name, bytes FROM tables WHERE digest = ?");
  const auto row = rows.bind(digest).step();
  if (!row) return fail(row.error());
  if (!*row) return refuse(Code::kNotFound, {"no table {}", "找不到資料表 {}"}, digest.hex());
  Facts facts{rows.text(0), rows.integer(1)};
  const std::lock_guard lock(mutex_);
  keep(digest, facts);
  return facts;
}

std::vector<evidence::Digest> KnownTables::unknown(std::span<const evidence::Digest> digests) {
  const std::lock_guard lock(mutex_);
  std::vector<evidence::Digest> unknown;
  for (const auto& digest : digests)
    if (remembered(digest) == nullptr) unknown.push_back(digest);
  return unknown;
}

}  // namespace assay::collector::sqlite
