// How waivers and attestations are put into words, wherever they are shown.
#pragma once

#include <string>
#include <string_view>

#include "cli/terminal/screen.h"
#include "cli/views/views.h"
#include "evidence/text.h"

namespace assay::cli {

// "requested", "in_force" … for people.
[[nodiscard]] std::string record_state_word(std::string_view state, Language language);
[[nodiscard]] Colour record_state_colour(std::string_view state);

// What stands beside a finding or control, on one line: which, until when, who, why.
[[nodiscard]] std::string waiver_line(const Json& waiver, Language language);
[[nodiscard]] std::string attestation_line(const Json& attestation, Language language);
// The same for a cell of a table: a long reason is cut.
[[nodiscard]] std::string short_line(const std::string& line);

// "W-1, W-2"
[[nodiscard]] std::string ids_of(const Json& records);
// "web-1, web-2, group dmz": the hosts and groups that a record names, and how many hosts more
// there are than are listed; the words for "all" when it names none.
[[nodiscard]] std::string scope_words(const Json& record, Language language);
// "2026-12-31 (41 days left)"
[[nodiscard]] std::string until_words(const Json& record, Language language);
// What became of it, one line for each act.
[[nodiscard]] std::string history_line(const Json& act, Language language);

}  // namespace assay::cli
