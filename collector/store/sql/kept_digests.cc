#include "collector/store/sql/kept_digests.h"

#include <optional>
#include <utility>

#include "collector/store/catalogue_frame.h"
#include "collector/store/posture_groups.h"
#include "collector/store/sql/posture_rows.h"
#include "collector/store/sql/rows.h"
#include "evidence/refusal.h"

namespace assay::collector::sql {
namespace {

Result<Page<evidence::Digest>> digests_in(Connection& connection, const std::string& table,
                                          const PageRequest& page) {
  auto rows = connection.prepare("SELECT DISTINCT digest FROM " + table +
                                 " WHERE ?1 IS NULL OR digest > ?1 ORDER BY digest LIMIT ?2");
  const auto after = evidence::Digest::from_hex(page.cursor);
  rows.bind(after ? std::optional(*after) : std::nullopt, page.limit + 1);
  return page_of(
      rows, page.limit, [](const Statement& row) { return row.digest(0); },
      [](const evidence::Digest& last) { return last.hex(); });
}

// Whether the set says what its digest is of; one that was removed meanwhile does. What a row says
// is written in one way only: an altered text may be read as if it were not.
Result<bool> is_verdict_set_sound(Connection& connection, const evidence::Digest& digest) {
  auto rows = connection.prepare("SELECT " + std::string(kSaidColumns) +
                                 " FROM verdict_sets WHERE digest = ?");
  rows.bind(digest);
  bool is_sound = true;
  auto verdicts = all(rows, [&](const Statement& row) {
    auto said = read_said(row);
    is_sound = is_sound && join_frameworks(said.frameworks) == row.text(2) &&
               checks::name_of(said.state) == row.text(3);
    return said;
  });
  if (!verdicts) return fail(verdicts.error());
  return verdicts->empty() ||
         (is_sound && verdict_group({}, std::move(*verdicts))->digest == digest);
}

Result<bool> is_finding_set_sound(Connection& connection, const evidence::Digest& digest) {
  auto rows = connection.prepare(
      "SELECT at, key, row, frameworks FROM finding_sets WHERE digest = ? ORDER BY at");
  rows.bind(digest);
  bool is_sound = true;
  std::int64_t place = 0;
  auto members = all(rows, [&](const Statement& row) {
    FindingGroup::Member member{row.text(1), row.text(2), split_frameworks(row.text(3))};
    is_sound =
        is_sound && row.integer(0) == place++ && join_frameworks(member.frameworks) == row.text(3);
    return member;
  });
  if (!members) return fail(members.error());
  return members->empty() ||
         (is_sound && finding_group({}, {}, std::move(*members))->digest == digest);
}

Result<bool> is_catalogue_sound(Connection& connection, const evidence::Digest& digest) {
  auto rows = connection.prepare("SELECT frame FROM catalogues WHERE digest = ?");
  rows.bind(digest);
  const auto row = rows.step();
  if (!row) return fail(row.error());
  return !*row || unpack_catalogue(rows.text(0), digest).has_value();
}

}  // namespace

Status check_kept_digests(Connection& connection, std::vector<Text>* complaints) {
  const auto check = [&](const std::string& table, const Text& what, auto is_sound) {
    return for_every([&](const PageRequest& page) { return digests_in(connection, table, page); },
                     [&](const evidence::Digest& digest) -> Status {
                       const auto sound = is_sound(connection, digest);
                       if (!sound) return fail(sound.error());
                       if (!*sound)
                         complaints->push_back(phrase(
                             {"{} {} does not say what was stored", "{} {} 與當時保存的內容不同"},
                             what, digest.hex()));
                       return {};
                     });
  };
  if (auto done = check("verdict_sets", Text{"the set of verdicts", "判定"}, is_verdict_set_sound);
      !done)
    return done;
  if (auto done =
          check("finding_sets", Text{"the set of findings", "發現事項"}, is_finding_set_sound);
      !done)
    return done;
  return check("catalogues", Text{"the catalogue", "控制項目錄"}, is_catalogue_sound);
}

}  // namespace assay::collector::sql
