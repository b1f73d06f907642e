// What a person did, as the ledger names it: one line of JSON in one form, whose SHA-256 is in an
// entry of the log (entry.h). So nobody can alter, drop or add an act later unseen.
//
//   {"assay":"act/1","number":7,"kind":"waiver_requested","record":"17",
//    "at":"2026-11-21T01:02:03Z","token":"t1","name":"Lin","details":{"check":"PWD-MINLEN",…}}
//
// on one line, LF at the end. docs/formats/ledger.md lists the kinds and their details. Pure;
// hostile input.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "evidence/digest.h"
#include "evidence/result.h"
#include "evidence/table.h"
#include "evidence/timestamp.h"

namespace assay::evidence {

inline constexpr std::size_t kMaxActDetails = 32;
inline constexpr std::size_t kMaxActBytes = 1U << 20U;
// A longer detail is named by "sha256:" and its digest.
inline constexpr std::size_t kMaxDetailBytes = 16U << 10U;

struct Act {
  std::int64_t number = 0;  // of all acts of a collector, from 1, without a gap
  std::string kind;         // [a-z][a-z0-9_]{0,63}
  std::string record;       // what it is about, as the collector numbers things of its kind
  Seconds at;
  std::string token;  // whose act it is: the token's id and its person's name; both empty for what
  std::string name;   // is done at the collector itself
  std::vector<std::pair<std::string, Value>> details;  // names as of columns, in the kind's order
  bool operator==(const Act&) const = default;

  // NULL where there is no such detail.
  [[nodiscard]] Value detail(std::string_view which) const;
};

// Long details are shortened as above.
[[nodiscard]] std::string to_text(const Act& act);
// Accepts exactly what to_text() writes. kInvalidData.
[[nodiscard]] Result<Act> act_from(std::string_view text);

}  // namespace assay::evidence
