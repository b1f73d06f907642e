// The words for states, severities and grades as people read them. JSON and CSV keep the stable
// English names of checks/engine.
#pragma once

#include <string_view>

#include "checks/engine/content.h"
#include "checks/engine/evaluation.h"
#include "cli/terminal/screen.h"
#include "evidence/text.h"

namespace assay::cli {

[[nodiscard]] const Text& word_for(checks::State state);
[[nodiscard]] const Text& word_for(checks::Severity severity);
[[nodiscard]] const Text& word_for(checks::Proves proves);
[[nodiscard]] const Text& word_for(checks::Control::Mode mode);

[[nodiscard]] Colour colour_of(checks::State state);
[[nodiscard]] Colour colour_of(checks::Severity severity);

// For a stable name that came over the wire; a name that is not known is shown as it is.
[[nodiscard]] std::string state_word(std::string_view name, Language language);
[[nodiscard]] std::string severity_word(std::string_view name, Language language);
[[nodiscard]] std::string mode_word(std::string_view name, Language language);
[[nodiscard]] std::string frequency_word(std::string_view name, Language language);
[[nodiscard]] Colour state_colour(std::string_view name);
[[nodiscard]] Colour severity_colour(std::string_view name);

// 0.875 as "88 %"; rounded down, so that nothing is called complete that is not; "–" without a
// value.
[[nodiscard]] std::string percent(std::optional<double> part);

}  // namespace assay::cli
