// Which tables the snapshots of a fleet have, in some ten bytes a table: equal tables of however
// many hosts have one number, and so have tables that are missing for one reason. Filled as it is
// asked; it holds nothing that the store could not tell again.
//
// One thread at a time.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <unordered_map>
#include <vector>

#include "collector/store/evidence_store.h"
#include "evidence/digest.h"
#include "evidence/result.h"
#include "evidence/timestamp.h"

namespace assay::collector {

class TableIndex {
 public:
  using Number = std::uint32_t;
  struct Meaning {
    std::optional<evidence::Digest> digest;  // absent: the host has no such table …
    std::string reason;                      // … for this reason
  };

  explicit TableIndex(EvidenceStore& store) : store_(store) {}

  // Forgets what it has when that is more than a large fleet's. Numbers from before mean nothing
  // afterwards.
  void make_room();

  // Of each of `tables`, in their order. The manifest is read where the snapshot was not asked for
  // before. kNotFound; kInvalidData for one that is damaged.
  [[nodiscard]] Result<std::vector<Number>> numbers(const evidence::Digest& snapshot,
                                                    std::span<const std::string> tables);
  [[nodiscard]] const Meaning& meaning(Number number) const { return meanings_[number]; }

 private:
  struct Entry {
    Number name;
    Number table;
  };
  using Entries = std::vector<Entry>;  // sorted by name
  Result<const Entries*> entries_of(const evidence::Digest& snapshot);
  Number name_of(const std::string& table);
  Number number_of(const evidence::Digest& digest);
  Number number_of(const std::string& reason);

  EvidenceStore& store_;
  std::map<std::string, Number, std::less<>> names_;
  std::unordered_map<evidence::Digest, Number> digests_;
  std::map<std::string, Number, std::less<>> reasons_;
  std::vector<Meaning> meanings_;
  std::unordered_map<evidence::Digest, Entries> snapshots_;
};

}  // namespace assay::collector
