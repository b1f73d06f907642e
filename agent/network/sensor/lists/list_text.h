// What the forms of lists have in common: lines and their numbers, words, and counting what was not
// understood.
#pragma once

#include <string_view>

#include "agent/network/sensor/lists/list_parser.h"

namespace assay::agent::sensor {

// Calls visit(line, number from 1) without line ends.
template <typename Visit>
void each_list_line(std::string_view text, const Visit& visit) {
  std::uint32_t number = 0;
  while (!text.empty()) {
    const auto end = std::min(text.find('\n'), text.size());
    auto line = text.substr(0, end);
    text = text.substr(std::min(end + 1, text.size()));
    if (line.ends_with('\r')) line.remove_suffix(1);
    visit(line, ++number);
  }
}

[[nodiscard]] inline std::string_view trim_list_text(std::string_view text) {
  constexpr std::string_view kBlank = " \t\r\n";
  const auto begin = text.find_first_not_of(kBlank);
  if (begin == std::string_view::npos) return {};
  return text.substr(begin, text.find_last_not_of(kBlank) - begin + 1);
}

// The first word, which is taken away with the blanks behind it.
[[nodiscard]] inline std::string_view take_list_word(std::string_view* line) {
  const auto end = std::min(line->find_first_of(" \t"), line->size());
  const auto word = line->substr(0, end);
  *line = trim_list_text(line->substr(end));
  return word;
}

inline constexpr std::string_view kNotUnderstood = "not understood";
// `why` is a literal of the program, of which there are few.
inline void note_not_understood(std::uint32_t number, ParsedList* list,
                                std::string_view why = kNotUnderstood) {
  if (list->not_understood++ == 0) list->first_not_understood = number;
  ++list->reasons[why];
}

inline void keep_entry(ParsedEntry entry, std::uint32_t number, ParsedList* list) {
  entry.line = number;
  // One more than is allowed is kept, so that parse_block_list() sees it.
  if (list->entries.size() <= kMaxListEntries) list->entries.push_back(std::move(entry));
}

}  // namespace assay::agent::sensor
