// The tables of one stored snapshot, as the check engine asks for them.
#pragma once

#include <optional>
#include <set>
#include <string>
#include <unordered_map>

#include "checks/engine/evaluation.h"
#include "collector/store/shared_recent_map.h"
#include "collector/store/store.h"
#include "evidence/manifest.h"

namespace assay::collector {

// kInvalidData when what is stored is not what was accepted: the disk lies.
[[nodiscard]] Result<evidence::Manifest> manifest_of(EvidenceStore& store,
                                                     const Snapshot& snapshot);
[[nodiscard]] Result<evidence::Table> load_table(EvidenceStore& store,
                                                 const evidence::Digest& digest);

// Tables of a host that are read from the store.
class StoredTables : public checks::TableSource {
 public:
  // `store` must outlive it.
  explicit StoredTables(EvidenceStore& store) : store_(store) {}

  [[nodiscard]] Result<evidence::Table> load(std::string_view table) const override;
  // What load() will be asked for until the next call, as far as it is stored here: the store is
  // asked for all of it at once.
  void expect(const std::set<std::string>& tables);

  // A table that is stored could not be read. The engine calls such a check unknown, which says
  // something false of the host: its verdicts must not be kept.
  [[nodiscard]] const std::optional<Error>& failure() const { return failure_; }

 private:
  EvidenceStore& store_;
  std::unordered_map<evidence::Digest, KeptTable> expected_;
  mutable std::optional<Error> failure_;
};

class SnapshotTables final : public StoredTables {
 public:
  // Both must outlive it.
  SnapshotTables(EvidenceStore& store, const evidence::Manifest& manifest)
      : StoredTables(store), manifest_(manifest) {}

  [[nodiscard]] Entry find(std::string_view table) const override;

 private:
  const evidence::Manifest& manifest_;
};

// "Debian GNU/Linux 12 (bookworm)", from the host's own os_version; nullopt when it has none.
[[nodiscard]] std::optional<std::string> os_named_in(const checks::TableSource& tables);

// The same, with what was read remembered by the table's digest. Safe from any thread.
class NamedSystems {
 public:
  [[nodiscard]] std::optional<std::string> named_in(const checks::TableSource& tables);

 private:
  static constexpr std::size_t kMaxEach = 500;
  SharedRecentMap<evidence::Digest, std::optional<std::string>> names_{kMaxEach};
};

}  // namespace assay::collector
