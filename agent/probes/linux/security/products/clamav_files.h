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

// A scan as a log tells of it.
struct ClamavScan {
  std::string day;   // YYYY-MM-DD, of its end
  std::string note;  // of a full one: what that is taken from; of another: why it is not full
};
struct ClamavScans {
  std::optional<ClamavScan> full;  // the latest of all files
  std::optional<ClamavScan>
      other;  // the latest of those that were not, or of which it is not known
};
// Of clamscan's and clamdscan's --log. No log names what was scanned; what it says of single paths
// gives it away: clamdscan's "/: OK", or clamscan's "/bin: Symbolic link" and "/proc: Excluded",
// which it reads in "/" only. With --infected clamscan says nothing but how many folders it saw.
[[nodiscard]] ClamavScans parse_scan_log(std::string_view log);

// The value of an option of clamd.conf or freshclam.conf; empty when it is not set.
[[nodiscard]] std::string_view clamav_option(std::string_view settings, std::string_view name);

}  // namespace assay::agent
