// The SQL functions that Assay adds to SQLite's, all pure:
//   days(date)                  days since 1970-01-01 of YYYY-MM-DD; NULL when it is no date
//   upstream_version(version)   without epoch, Debian revision and repacking suffix
//   cycle_matches(version, cycle)  1 when the version belongs to the release cycle
//   dpkg_compare(a, b)          -1, 0, 1 by Debian Policy §5.6.12
//   address_class(address)      loopback, any, link_local, private, public; NULL otherwise
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "evidence/result.h"

struct sqlite3;

namespace assay::checks {

[[nodiscard]] std::string upstream_version(std::string_view version);
[[nodiscard]] bool cycle_matches(std::string_view version, std::string_view cycle);
// Debian Policy §5.6.12: epoch, upstream version, revision; `~` sorts before everything.
[[nodiscard]] int dpkg_compare(std::string_view a, std::string_view b);
// By RFC 1122, 1918, 3927, 4193, 4291 and 6598; an IPv4-mapped address is judged as its IPv4
// address.
[[nodiscard]] std::optional<std::string_view> address_class(std::string_view address);

[[nodiscard]] Status add_own_functions(sqlite3* db);
[[nodiscard]] bool is_own_function(std::string_view name);

}  // namespace assay::checks
