// Files of "key = value" lines under "[section]" headers: systemd's, dnf's, sssd's, the desktops',
// NetworkManager's and many more. They differ in what continues a line and in how much nonsense
// their readers bear.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "evidence/result.h"

namespace assay::agent {

struct SectionEntry {
  std::string_view section;  // "" before the first; views into the text that was parsed
  std::string_view key;      // empty: the header itself, what stands behind its ] is the value
  std::string value;         // as written, without blanks around it
  std::int64_t line = 0;
};

enum class SectionStrictness {
  kTolerant,  // never an error: all bytes are taken, what is too much is passed over
  kText,      // kInvalidData for a zero byte, kTooLarge for too many entries
  kStrict,    // also kInvalidData, with the line, for what is neither key nor header nor comment
};

enum class SectionContinuation {
  kNone,
  kIndented,   // a line that begins with a blank continues the value before, as dnf has it
  kBackslash,  // one at the end of a line, as systemd has it
};

struct SectionRules {
  SectionStrictness strictness = SectionStrictness::kText;
  SectionContinuation continuation = SectionContinuation::kNone;
  bool shows_headers = false;
};

inline constexpr std::size_t kMaxSectionEntries = 100'000;

// In the file's order. '#' and ';' begin a comment at the start of a line; a mark of the byte order
// is passed over. A header without its ] takes the rest of its line, unless that is an error.
[[nodiscard]] Result<std::vector<SectionEntry>> parse_sections(std::string_view text,
                                                               SectionRules rules = {});

// SectionStrictness::kTolerant, without continuations.
[[nodiscard]] std::vector<SectionEntry> parse_sections_tolerantly(std::string_view text,
                                                                  bool shows_headers = false);

// The last entry of that section and key; nullptr when there is none.
[[nodiscard]] const SectionEntry* last_entry(const std::vector<SectionEntry>& entries,
                                             std::string_view section, std::string_view key);
[[nodiscard]] const SectionEntry* last_entry_ignoring_case(const std::vector<SectionEntry>& entries,
                                                           std::string_view section,
                                                           std::string_view key);

// The last value of that section and key; empty when there is none.
[[nodiscard]] std::string_view last_value(const std::vector<SectionEntry>& entries,
                                          std::string_view section, std::string_view key);
[[nodiscard]] std::string_view last_value(std::vector<SectionEntry>&& entries, std::string_view,
                                          std::string_view) = delete;  // it would dangle

// Whether anything is said in that section.
[[nodiscard]] bool has_section(const std::vector<SectionEntry>& entries, std::string_view section);

}  // namespace assay::agent
