// A row of a list that the company keeps, put there by a person: software that is approved, a port
// that may be open, a support contract. What was approved is never changed: it is withdrawn, and
// another takes its place, so that what held at any moment can be answered for ever. Pure.
#pragma once

#include <optional>
#include <string>

#include "collector/store/act.h"
#include "evidence/result.h"
#include "evidence/timestamp.h"

namespace assay::collector {

// Of one list; a row is matched against everything that is installed anywhere.
inline constexpr std::size_t kMaxApprovals = 100'000;
inline constexpr std::size_t kMaxApprovalRowBytes = 16U << 10U;

struct Withdrawal {
  Actor by;
  std::string note;
  evidence::Seconds at;
};

struct Approval {
  std::string id;     // "A-17"; set by the store
  std::string list;   // the reference table: "allowlist"
  std::string row;    // JSON object of its cells, NULL left out, in the table's order of columns
  std::string until;  // YYYY-MM-DD: the last day on which it holds; empty: until it is withdrawn
  std::string note;   // why
  Actor by;
  evidence::Seconds at;
  std::optional<Withdrawal> withdrawn;

  [[nodiscard]] bool is_in_force(evidence::Seconds when) const {
    return at <= when && (!withdrawn || withdrawn->at > when) &&
           (until.empty() || holds_until(until, when));
  }
};

// Whether it may be recorded. kUsage.
[[nodiscard]] Status check_approval(const Approval& approval);

}  // namespace assay::collector
