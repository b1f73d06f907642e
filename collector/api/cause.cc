#include <set>

#include "collector/api/change.h"

namespace assay::collector::api {

std::string_view name_of(Cause cause) {
  switch (cause) {
    case Cause::kNewHost: return "new_host";
    case Cause::kHost: return "host_changed";
    case Cause::kRules: return "rules_changed";
    case Cause::kHostAndRules: return "host_and_rules_changed";
    case Cause::kReference: break;
  }
  return "reference_or_date_changed";
}

Result<std::optional<CauseFinder::Tables>> CauseFinder::tables_at(const std::string& host_id,
                                                                  evidence::Seconds when) {
  const auto snapshot = service_.store.snapshot_at(host_id, when);
  if (!snapshot && snapshot.error().code() == Code::kNotFound) return std::nullopt;
  if (!snapshot) return fail(snapshot.error());
  if (snapshot->removed_at) return std::nullopt;
  const auto manifest = read_manifest(service_.store, *snapshot);
  if (!manifest) return fail(manifest.error());
  Tables tables;
  for (const auto& entry : manifest->manifest.tables)
    tables[entry.name] = entry.digest ? entry.digest->hex() : "unavailable: " + entry.reason;
  return tables;
}

Result<const CauseFinder::Ends*> CauseFinder::tables_of(const std::string& host_id) {
  const auto known = tables_.find(host_id);
  if (known != tables_.end()) return &known->second;
  auto before = tables_at(host_id, from_);
  if (!before) return fail(before.error());
  auto after = tables_at(host_id, to_);
  if (!after) return fail(after.error());
  return &tables_.emplace(host_id, Ends{std::move(*before), std::move(*after)}).first->second;
}

Result<std::string> CauseFinder::rule_at(const std::string& host_id, const std::string& check_id,
                                         evidence::Seconds when) {
  VerdictFilter filter;
  filter.host_id = host_id;
  filter.check_id = check_id;
  filter.as_of = when;
  std::set<std::string> rules;
  auto read =
      for_each([&](const PageRequest& page) { return service_.store.verdicts(filter, page); },
               [&](const VerdictInterval& interval) -> Status {
                 rules.insert(interval.check_digest.hex() + interval.parameters);
                 return {};
               });
  if (!read) return fail(read.error());
  std::string out;
  for (const auto& rule : rules) out += rule;
  return out;
}

Result<bool> CauseFinder::rules_differ(const std::string& host_id, const std::string& check_id) {
  const auto before = rule_at(host_id, check_id, from_);
  if (!before) return fail(before.error());
  const auto after = rule_at(host_id, check_id, to_);
  if (!after) return fail(after.error());
  return *before != *after;
}

Result<Cause> CauseFinder::cause(const std::string& host_id, const std::string& check_id) {
  const auto known = causes_.find({host_id, check_id});
  if (known != causes_.end()) return known->second;
  const auto ends = tables_of(host_id);
  if (!ends) return fail(ends.error());
  if (!(*ends)->before) return Cause::kNewHost;

  const auto* check = service_.content->check(check_id);
  const auto differs = [&](const std::string& table) {
    const auto at = [&table](const std::optional<Tables>& tables) {
      const auto found = tables ? tables->find(table) : Tables::const_iterator();
      return tables && found != tables->end() ? found->second : std::string();
    };
    return at((*ends)->before) != at((*ends)->after);
  };
  // A check that is gone from the content has changed as a rule, whatever the host did.
  const bool host_differs = check != nullptr && std::ranges::any_of(check->tables, differs);
  const auto rules_differ_now = rules_differ(host_id, check_id);
  if (!rules_differ_now) return fail(rules_differ_now.error());
  const Cause cause = host_differs ? (*rules_differ_now ? Cause::kHostAndRules : Cause::kHost)
                                   : (*rules_differ_now ? Cause::kRules : Cause::kReference);
  causes_[{host_id, check_id}] = cause;
  return cause;
}

}  // namespace assay::collector::api
