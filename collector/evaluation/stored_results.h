// The results of checks as a collector knows them: those that the store has, and those that were
// computed and that no verdict refers to yet.
#pragma once

#include <cstddef>
#include <optional>
#include <span>
#include <unordered_set>

#include "checks/engine/evaluation.h"
#include "checks/engine/result_memory.h"
#include "collector/evaluation/families.h"
#include "collector/evaluation/judged_group.h"
#include "collector/evaluation/judged_host.h"
#include "collector/evaluation/snapshot_tables.h"
#include "collector/store/posture_store.h"
#include "collector/store/shared_recent_map.h"

namespace assay::collector {

// Under which key the store has what a check says. Safe from any thread.
class SaidBefore {
 public:
  explicit SaidBefore(std::size_t most) : keys_(most / 2) {}

  // What a check says, whatever tables it read.
  [[nodiscard]] static evidence::Digest content_of(const evidence::Digest& check,
                                                   std::string_view result_json);
  [[nodiscard]] std::optional<evidence::Digest> key_of(const evidence::Digest& content);
  // The first key stays.
  void remember(const evidence::Digest& content, const evidence::Digest& key);

 private:
  SharedRecentMap<evidence::Digest, evidence::Digest> keys_;
};

// What is remembered of them, by all threads. Most results are a state and some facts, a kilobyte
// or less; of what was computed many say the same and share it.
struct RememberedResults {
  static constexpr std::size_t kMost = 20'000;
  checks::ResultMemory stored{kMost};
  checks::ResultMemory computed{kMost};  // must be stored before anything refers to it
  checks::ResultMemory distinct{kMost};  // of those, by the digest of their JSON
  SaidBefore said{kMost};                // by what is stored
  JudgedGroups groups;
  SharedRecentMap<std::string, SharedGroup> by_tables{kMost};      // by questions and tables
  SharedRecentMap<std::string, SharedFamily> families{kMost / 2};  // by family_key()
  JudgedHosts hosts;
  NamedSystems systems;
};

// Belongs to one thread.
class StoredResults final : public checks::ResultCache {
 public:
  // Both must outlive it.
  StoredResults(PostureStore& store, RememberedResults& remembered)
      : store_(store), remembered_(remembered) {}

  // What find() will be asked for until the next call: the store is asked for all of it at once.
  void expect(std::span<const evidence::Digest> keys);
  // Of what was expected last: neither remembered nor in the store.
  [[nodiscard]] bool is_absent(const evidence::Digest& key) const { return absent_.contains(key); }
  [[nodiscard]] checks::SharedResult find(const evidence::Digest& key) override;
  checks::SharedResult store(const evidence::Digest& key, checks::SharedResult result) override;

  // What the store did not answer, since the last call.
  [[nodiscard]] std::optional<Error> take_failure();

 private:
  [[nodiscard]] checks::SharedResult remembered(const evidence::Digest& key);
  [[nodiscard]] checks::SharedResult remember(const evidence::Digest& key, std::string_view json);

  PostureStore& store_;
  RememberedResults& remembered_;
  std::unordered_set<evidence::Digest> absent_;  // of those expected, what the store does not have
  std::optional<Error> failure_;
};

}  // namespace assay::collector
