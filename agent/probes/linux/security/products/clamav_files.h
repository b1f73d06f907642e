// What ClamAV's files say: database header, scan log, settings.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "evidence/result.h"

namespace assay::agent {

inline constexpr std::size_t kClamavHeaderBytes = 512;

struct ClamavDatabase {
  std::string version;  // "27000"
  std::string date;     // YYYY-MM-DD, the day the database was built
};
// From the first bytes of a .cvd or .cld file: "ClamAV-VDB:21 Nov 2026 04-21 +0000:27000:…".
[[nodiscard]] Result<ClamavDatabase> parse_clamav_header(std::string_view start);

// The latest "End Date: 2026:11:21 03:12:01" of clamscan's or clamdscan's summaries as YYYY-MM-DD;
// nothing when there is none.
[[nodiscard]] std::optional<std::string> parse_last_scan(std::string_view log);

// The value of an option of clamd.conf or freshclam.conf; empty when it is not set.
[[nodiscard]] std::string_view clamav_option(std::string_view settings, std::string_view name);

}  // namespace assay::agent
