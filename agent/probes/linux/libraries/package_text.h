// Words that makers of packages wrote about them, made fit for a cell.
#pragma once

#include <string>
#include <string_view>

namespace assay::agent {

inline constexpr std::size_t kMaxWordsBytes = 400;

// At most kMaxWordsBytes of it, never half a character; what was cut off is told by "…".
[[nodiscard]] std::string shortened(std::string_view text);

// "Jo Doe" of "Jo Doe <jo@example.org> (https://example.org)"; several, separated by commas, each
// so. Addresses of people are no evidence: an address alone gives nothing.
[[nodiscard]] std::string names_of_people(std::string_view text);

// A URL without "user:password@".
[[nodiscard]] std::string without_user(std::string_view url);

}  // namespace assay::agent
