#include "collector/store/sql/known_tables.h"

#include <utility>

#include "evidence/refusal.h"

namespace assay::collector::sql {

void KnownTables::begin(std::int64_t version) {
  const std::lock_guard lock(mutex_);
  if (std::exchange(version_, version) == version) return;
  newer_.clear();
  older_.clear();
}

void KnownTables::forget() {
  const std::lock_guard lock(mutex_);
  newer_.clear();
  older_.clear();
}

std::optional<KnownTables::Facts> KnownTables::recall(const evidence::Digest& digest) {
  const std::lock_guard lock(mutex_);
  const auto* facts = remembered(digest);
  return facts == nullptr ? std::nullopt : std::optional(*facts);
}

void KnownTables::learn(const evidence::Digest& digest, const Facts& facts) {
  const std::lock_guard lock(mutex_);
  keep(digest, facts);
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
  if (auto facts = recall(digest)) return *facts;
  auto rows = connection.prepare("SELECT name, bytes FROM tables WHERE digest = ?");
  const auto row = rows.bind(digest).step();
  if (!row) return fail(row.error());
  if (!*row) return refuse(Code::kNotFound, {"no table {}", "找不到資料表 {}"}, digest.hex());
  Facts facts{rows.text(0), rows.integer(1)};
  learn(digest, facts);
  return facts;
}

std::vector<evidence::Digest> KnownTables::unknown(std::span<const evidence::Digest> digests) {
  const std::lock_guard lock(mutex_);
  std::vector<evidence::Digest> unknown;
  for (const auto& digest : digests)
    if (remembered(digest) == nullptr) unknown.push_back(digest);
  return unknown;
}

}  // namespace assay::collector::sql
