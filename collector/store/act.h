// Who did something that people must be able to look up for years, and the texts and days that
// such records are made of. Pure.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "evidence/result.h"
#include "evidence/timestamp.h"

namespace assay::collector {

struct Actor {
  std::string token_id;  // Token::id
  std::string name;      // of the person whose token it is
};

// One token, or two tokens of one name (letter case and spaces around it do not make another
// person). Two people of one name need tokens that tell them apart.
[[nodiscard]] bool is_same_person(const Actor& one, const Actor& other);

// In bytes of UTF-8.
inline constexpr std::size_t kMaxRecordText = 8U << 10U;

// Hosts are written down one by one, as many as a fleet of branches has; a group is one name,
// however many hosts are in it.
inline constexpr std::size_t kMaxRecordHosts = 10'000;
inline constexpr std::size_t kMaxRecordGroups = 64;
inline constexpr std::size_t kMaxGroupNameBytes = 100;

// The hosts and groups of the register that a record names: within bounds, and names of groups as
// the register has them. kUsage.
[[nodiscard]] Status check_scope(const std::vector<std::string>& hosts,
                                 const std::vector<std::string>& groups);

// A text that has to be there and may not be longer than `most`. kUsage names the `field`.
[[nodiscard]] Status check_text(std::string_view field, std::string_view text,
                                std::size_t most = kMaxRecordText);

// A last day that is real, not before `first`, and at most `most_days` after it. kUsage.
[[nodiscard]] Status check_until(std::string_view until, evidence::Seconds first, int most_days);

// Whether `when` is on or before the day `until` (YYYY-MM-DD, UTC): a record holds through its
// last day, and ends by itself at the midnight behind it.
[[nodiscard]] inline bool holds_until(std::string_view until, evidence::Seconds when) {
  return evidence::to_date(when) <= until;
}

}  // namespace assay::collector
