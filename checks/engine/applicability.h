// To whom a control is addressed, where the document that it comes from says so: a grade, a kind of
// organisation, core systems only. No verdict depends on it, but a control that is not addressed to
// an organisation or to one of its machines does not apply there (rollup.h).
#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "evidence/text.h"

namespace assay::checks {

// What is empty or false limits nothing.
struct Applicability {
  std::vector<std::string> grades;    // any of these: "A" … "E", the act's grades of responsibility
  std::vector<std::string> kinds;     // all of these: "internet-order" …
  std::vector<std::string> profiles;  // any of these: "server", "pc"
  bool is_core_only = false;          // core systems
  bool is_by_grade = false;           // how much is asked depends on a grade that is set elsewhere
  bool is_advanced = false;           // marked by the document as a step beyond the basic ones
  Text basis;                         // the law by which it applies; may be empty

  [[nodiscard]] bool is_empty() const;
};

// What an organisation says of itself. What it does not say lets it off nothing.
struct Organisation {
  std::optional<std::string> grade;               // of known_grades()
  std::optional<std::vector<std::string>> kinds;  // of known_kinds(): all that it is
};

// An organisation and one of its machines.
struct Addressee {
  Organisation organisation;
  std::string profile;          // "server", "pc"; empty: not known
  std::optional<bool> is_core;  // of a core system
};

// Why a control is not addressed to it, as a part of a sentence; both empty where it is, or where
// too little is known to say that it is not.
[[nodiscard]] Text why_not_for(const Applicability& applicability, const Addressee& addressee);

// A word of a closed list, and what it says to people.
struct KnownWord {
  std::string_view name;
  Text meaning;
};
[[nodiscard]] std::span<const KnownWord> known_kinds();
[[nodiscard]] std::span<const std::string> known_grades();

// One line, the parts separated by semicolons; both empty where nothing is limited.
[[nodiscard]] Text words_for(const Applicability& applicability);

}  // namespace assay::checks
