// The SQL functions that Assay adds to SQLite's, all pure:
//   days(date)                  days since 1970-01-01 of YYYY-MM-DD; NULL when it is no date
//   upstream_version(version)   without epoch, Debian revision and repacking suffix
//   cycle_matches(version, cycle)  1 when the version belongs to the release cycle
//   dpkg_compare(a, b)          -1, 0, 1 by Debian Policy §5.6.12
//   rpm_compare(a, b)           -1, 0, 1 by rpm-version(7): [epoch:]version[-release]
//   address_class(address)      loopback, any, link_local, private, public; NULL otherwise
//   in_network(address, network)   1 or 0; NULL when either is malformed
//   contains_any(text, parts)   1 when one of the parts, parted by |, occurs in the text; A to Z as a
//                               to z, as LIKE '%part%' does
#pragma once

#include <string_view>

#include "evidence/result.h"

struct sqlite3;

namespace assay::checks {

[[nodiscard]] Status add_own_functions(sqlite3* db);
[[nodiscard]] bool is_own_function(std::string_view name);

}  // namespace assay::checks
