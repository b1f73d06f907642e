// Whether a collector is well: what an administrator would look at first, in one go. Changes
// nothing, and asks the store only what it can answer while it is served.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "evidence/text.h"
#include "evidence/timestamp.h"

namespace assay::collector {

struct Symptom {
  // kTrouble: it does not work, or evidence is in danger. kWarning: it will come to that, or
  // something has happened that a person should know of.
  enum class Kind { kGood, kWarning, kTrouble };
  std::string subject;  // stable: "state", "settings", "authority", "store", "disk", …
  Kind kind = Kind::kGood;
  Text said;
};
[[nodiscard]] std::string_view name_of(Symptom::Kind kind);

struct DoctorOptions {
  bool is_deep = false;  // reads the whole store through (PRAGMA quick_check)
};

// In a fixed order; what cannot be looked at is a kTrouble that says why.
[[nodiscard]] std::vector<Symptom> examine(const std::string& state, evidence::Seconds now,
                                           const DoctorOptions& options);

}  // namespace assay::collector
