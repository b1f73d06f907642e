#include "checks/testing/bundle_tables.h"

#include "checks/engine/register.h"
#include "evidence/canonical.h"

namespace assay::checks::testing {

Result<BundleTables> BundleTables::newest(const evidence::Bundle& bundle) {
  std::optional<evidence::Manifest> newest;
  for (const auto& one : bundle.manifests) {
    auto manifest = evidence::manifest_from_canonical(one.manifest);
    if (!manifest) return fail(manifest.error());
    // Times of one form compare as text.
    if (!newest || manifest->ended > newest->ended) newest = std::move(*manifest);
  }
  if (!newest) return fail(Code::kInvalidData, "the bundle has no manifest");
  return BundleTables(bundle, std::move(*newest));
}

TableSource::Entry BundleTables::find(std::string_view table) const {
  if (is_of_register(table)) return register_entry_alone(table);
  const auto* entry = manifest_.find(table);
  if (entry == nullptr) return {std::nullopt, "the bundle does not have it"};
  return {entry->digest, entry->reason};
}

Result<evidence::Table> BundleTables::load(std::string_view table) const {
  if (is_of_register(table)) return register_table_alone(table);
  const auto* entry = manifest_.find(table);
  if (entry == nullptr || !entry->digest)
    return fail(Code::kInvalidData, "the bundle does not have the table");
  const auto bytes = bundle_.tables.find(*entry->digest);
  if (bytes == bundle_.tables.end())
    return fail(Code::kInvalidData, "the bundle lacks a table that its manifest lists");
  if (evidence::sha256(bytes->second) != *entry->digest)
    return fail(Code::kInvalidData, "the table is not what its digest says");
  return evidence::from_canonical(bytes->second);
}

}  // namespace assay::checks::testing
