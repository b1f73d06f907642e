// What hosts were like when they were judged last, so that what is the same need not be looked at
// again.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "checks/engine/host_evaluation.h"
#include "collector/evaluation/asked.h"
#include "collector/evaluation/judged_group.h"
#include "collector/evaluation/snapshot_tables.h"
#include "collector/store/shared_recent_map.h"
#include "evidence/digest.h"
#include "evidence/timestamp.h"

namespace assay::collector {

// A table as the questions saw it.
struct SeenTable {
  evidence::Digest digest;
  std::shared_ptr<const std::string> reason;  // why it could not be used; then there is no digest

  // Its own for each table and reason, also before whatever may follow.
  void append_to(std::string& key) const;
  friend bool operator==(const SeenTable& a, const SeenTable& b) {
    if (a.reason == b.reason) return a.digest == b.digest;
    return a.reason && b.reason && *a.reason == *b.reason;
  }
};

// Of everything that decides the verdicts of a host; `tables` are those of questions.plan.
[[nodiscard]] evidence::Digest input_digest(const Questions& questions,
                                            const evidence::Digest& content,
                                            std::string_view profile, std::string_view day,
                                            const std::vector<SeenTable>& tables);

// Of what a group is asked of these tables, by its place in questions.plan: equal, equal verdicts.
[[nodiscard]] std::string group_key(const Questions& questions, std::size_t place,
                                    const std::vector<SeenTable>& tables);

// What was judged, and what it came to.
struct Judged {
  std::shared_ptr<const Outline> outline;
  std::vector<SeenTable> tables;    // of the outline
  std::vector<SharedGroup> groups;  // of the outline
  bool is_certain = true;           // false: something could not be worked out, and may be
};

struct JudgedHost {
  std::int64_t revision = 0;  // of the mark that says so
  evidence::Digest snapshot;
  std::string profile;      // of the snapshot
  evidence::Seconds ended;  // when that scan ended
  std::shared_ptr<const Judged> judged;
};

// Safe from any thread.
class JudgedHosts {
 public:
  // nullptr when it is not known at this revision.
  [[nodiscard]] std::shared_ptr<const JudgedHost> find(const std::string& host_id,
                                                       std::int64_t revision);
  void keep(const std::string& host_id, std::shared_ptr<const JudgedHost> host);
  // All tables of the plan; those that lack for the same reason share one text.
  [[nodiscard]] std::vector<SeenTable> seen_by(checks::HostEvaluation& evaluation,
                                               const Questions& questions);

 private:
  [[nodiscard]] std::shared_ptr<const std::string> shared(const std::string& reason);

  static constexpr std::size_t kMaxEach = 10'000;  // of some 7 KB
  static constexpr std::size_t kMaxReasons = 1'000;
  SharedRecentMap<std::string, std::shared_ptr<const JudgedHost>> hosts_{kMaxEach};
  SharedRecentMap<std::string, std::shared_ptr<const std::string>> reasons_{kMaxReasons};
};

// The tables of a snapshot that was judged before, without its manifest.
class RememberedTables final : public StoredTables {
 public:
  // Both must outlive it.
  RememberedTables(EvidenceStore& store, const Judged& judged)
      : StoredTables(store), judged_(judged) {}

  // Only what questions were asked of is remembered.
  [[nodiscard]] Entry find(std::string_view table) const override;

 private:
  const Judged& judged_;
};

}  // namespace assay::collector
