// How many columns a text takes on a terminal, where East Asian characters are two columns wide,
// and how to break it into lines.
//
// All functions are safe from any thread.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace assay::cli {

// `text` made harmless for a terminal: control characters (a package may be named after an escape
// sequence) and marks that turn the writing direction become visible escapes such as \x1b; a line
// feed stays. Bytes that are not UTF-8 are shown as \xNN, too.
[[nodiscard]] std::string harmless(std::string_view text);

// Columns of one line of harmless text.
[[nodiscard]] std::size_t width_of(std::string_view text);

// Lines of at most `columns` (at least 2), broken at spaces or between East Asian characters, never
// before a closing punctuation mark if that can be helped; line feeds are kept. A word that is
// longer than a line is cut. At least one line.
[[nodiscard]] std::vector<std::string> wrap(std::string_view text, std::size_t columns);

// `text` followed by spaces up to `columns`.
[[nodiscard]] std::string padded(std::string_view text, std::size_t columns);

}  // namespace assay::cli
