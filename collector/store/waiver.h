// A waiver: somebody asks that a violation be put up with for a while, and says why and what is
// done instead; somebody else agrees. What was asked is never changed: every later act is added to
// it, so that what held at any moment can be answered for ever. Pure.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "collector/store/act.h"
#include "evidence/digest.h"
#include "evidence/result.h"
#include "evidence/timestamp.h"

namespace assay::collector {

// The last day of a waiver is at most this far ahead: nothing is put up with without being
// looked at again within a year.
inline constexpr int kMaxWaiverDays = 366;
inline constexpr std::size_t kMaxWaiverFrameworks = 64;

// Without hosts and groups it is every host, later ones too. A group of the register is whoever is
// in it at the moment: a host that joins is covered, and one that leaves is not any more.
struct WaiverScope {
  std::string check_id;
  std::optional<evidence::Digest> finding;  // this one alone; then `hosts` is its host
  std::vector<std::string> hosts;           // ids, sorted
  std::vector<std::string> groups;          // names, sorted
  std::vector<std::string> frameworks;      // ids, sorted; empty: all
};

struct WaiverAct {
  enum class Kind { kApproved, kRejected, kRevoked };
  Kind kind = Kind::kApproved;
  Actor by;
  std::string note;  // may be empty
  evidence::Seconds at;
};
[[nodiscard]] std::string_view name_of(WaiverAct::Kind kind);

enum class WaiverState {
  kRequested,
  kApproved,  // in force
  kRejected,
  kRevoked,
  kEnded,  // its last day is over, whether it was ever approved or not
};
[[nodiscard]] std::string_view name_of(WaiverState state);
[[nodiscard]] std::optional<WaiverState> waiver_state_from(std::string_view name);

struct Waiver {
  std::string id;  // "W-17"; set by the store
  WaiverScope scope;
  std::string reason;
  std::string measure;  // what is done instead, to compensate
  Actor requester;
  evidence::Seconds requested_at;
  std::string until;            // YYYY-MM-DD: the last day on which it holds, in UTC
  std::vector<WaiverAct> acts;  // the oldest first

  [[nodiscard]] WaiverState state_at(evidence::Seconds when) const;
  [[nodiscard]] bool is_in_force(evidence::Seconds when) const {
    return state_at(when) == WaiverState::kApproved;
  }
  // The act of a kind that was there at the moment; nullptr when there was none.
  [[nodiscard]] const WaiverAct* act(WaiverAct::Kind kind, evidence::Seconds when) const;
};

// Whether it may be recorded. kUsage, in words for whoever asks for it.
[[nodiscard]] Status check_waiver(const Waiver& waiver);
// Whether the act may follow. kRefused when the requester would approve; kConflict when its state
// does not admit the act (any more).
[[nodiscard]] Status check_act(const Waiver& waiver, const WaiverAct& act);

}  // namespace assay::collector
