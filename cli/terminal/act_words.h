// The words for what people did, as the ledger names it (docs/formats/ledger.md). JSON and CSV keep
// the stable English names.
#pragma once

#include <string_view>

#include "evidence/text.h"

namespace assay::cli {

// "waiver_requested" … for people; a kind that is not known is shown as it is.
[[nodiscard]] Text act_word(std::string_view kind);

}  // namespace assay::cli
