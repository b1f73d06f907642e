#include "collector/store/sql/kept_digests.h"

#include <optional>
#include <utility>

#include "collector/store/catalogue_limits.h"
#include "collector/store/posture_groups.h"
#include "collector/store/sql/posture_rows.h"
#include "collector/store/sql/rows.h"
#include "evidence/compress.h"

namespace assay::collector::sql {
namespace {

constexpr std::size_t kAtOnce = 1000;

// look(digest) for each in `table`, in their order.
template <typename Look>
Status for_every_digest(Connection& connection, const std::string& table, Look look) {
  std::optional<evidence::Digest> after;
  for (;;) {
    std::vector<evidence::Digest> digests;
    {
      auto rows = connection.prepare("SELECT DISTINCT digest FROM " + table +
                                     " WHERE ?1 IS NULL OR digest > ?1 ORDER BY digest LIMIT ?2");
      rows.bind(after, kAtOnce);
      auto read = all(rows, [](const Statement& row) { return row.digest(0); });
      if (!read) return fail(read.error());
      digests = std::move(*read);
    }
    for (const auto& digest : digests)
      if (auto looked = look(digest); !looked) return looked;
    if (digests.size() < kAtOnce) return {};
    after = digests.back();
  }
}

// What is written in one way only: otherwise an altered text could be read as if it were not.
struct Frameworks {
  explicit Frameworks(const std::string& text)
      : names(split_frameworks(text)), is_sound(join_frameworks(names) == text) {}
  std::vector<std::string> names;
  bool is_sound;
};

// Whether the set says what its digest is of; one that was removed meanwhile does.
Result<bool> is_verdict_set_sound(Connection& connection, const evidence::Digest& digest) {
  auto rows = connection.prepare(
      "SELECT check_id, parameters, frameworks, state, reason, key, check_digest FROM verdict_sets"
      " WHERE digest = ?");
  rows.bind(digest);
  bool is_sound = true;
  auto verdicts = all(rows, [&](const Statement& row) {
    VerdictInterval verdict;
    verdict.check_id = row.text(0);
    verdict.parameters = row.text(1);
    Frameworks frameworks(row.text(2));
    const auto state = checks::state_from(row.text(3));
    is_sound = is_sound && frameworks.is_sound && state && checks::name_of(*state) == row.text(3);
    verdict.frameworks = std::move(frameworks.names);
    verdict.state = state.value_or(checks::State::kUnknown);
    verdict.reason = row.text(4);
    verdict.key = row.digest(5);
    verdict.check_digest = row.digest(6);
    return verdict;
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
    Frameworks frameworks(row.text(3));
    is_sound = is_sound && frameworks.is_sound && row.integer(0) == place++;
    return FindingGroup::Member{row.text(1), row.text(2), std::move(frameworks.names)};
  });
  if (!members) return fail(members.error());
  return members->empty() ||
         (is_sound && finding_group({}, {}, std::move(*members))->digest == digest);
}

Result<bool> is_catalogue_sound(Connection& connection, const evidence::Digest& digest) {
  auto rows = connection.prepare("SELECT frame FROM catalogues WHERE digest = ?");
  rows.bind(digest);
  const auto frames = all(rows, [](const Statement& row) { return row.text(0); });
  if (!frames) return fail(frames.error());
  for (const auto& frame : *frames) {
    const auto json = evidence::decompress(frame, kMaxCatalogueBytes);
    if (!json || evidence::sha256(*json) != digest) return false;
  }
  return true;
}

}  // namespace

Status check_kept_digests(Connection& connection, std::vector<std::string>* complaints) {
  const auto check = [&](const std::string& table, const std::string& what, auto is_sound) {
    return for_every_digest(connection, table, [&](const evidence::Digest& digest) -> Status {
      const auto sound = is_sound(connection, digest);
      if (!sound) return fail(sound.error());
      if (!*sound)
        complaints->push_back(what + " " + digest.hex() + " does not say what was stored");
      return {};
    });
  };
  if (auto done = check("verdict_sets", "the set of verdicts", is_verdict_set_sound); !done)
    return done;
  if (auto done = check("finding_sets", "the set of findings", is_finding_set_sound); !done)
    return done;
  return check("catalogues", "the catalogue", is_catalogue_sound);
}

}  // namespace assay::collector::sql
