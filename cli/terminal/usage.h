// What is wrong with a command line, in both languages: CLI11 says it in English alone.
//
// Pure; any thread.
#pragma once

#include <string_view>

#include "evidence/text.h"

namespace assay::cli {

// Of CLI11's error `kind` ("RequiredError") and its `message`. A message that is not known stands
// in the Chinese text as it is, behind words of ours.
[[nodiscard]] Text usage_words(std::string_view kind, std::string_view message);

// The same as it is printed: with a last line that names --help.
[[nodiscard]] Text usage_report(std::string_view kind, std::string_view message);

}  // namespace assay::cli
