// debian.csv and ubuntu.csv of the package distro-info-data (/usr/share/distro-info).
#pragma once

#include <string_view>

#include "checks/lifecycle/cycles.h"

namespace assay::checks::lifecycle {

// The real files have about 5 KB and 50 lines.
inline constexpr std::size_t kMaxListBytes = 1U << 20U;

// Which distribution the file is of, is told by its header. Lines may end early. Debian's eol-lts
// and Ubuntu's eol-esm become extended_until; without an ESM, Ubuntu's longer support of servers
// does. ELTS (Freexian) and Ubuntu's legacy add-on are sold apart, so they are a matter of the
// company's support_contracts and not read. kInvalidData with the line's number; kTooLarge.
[[nodiscard]] Result<Cycles> parse_distro_info(std::string_view text);

}  // namespace assay::checks::lifecycle
