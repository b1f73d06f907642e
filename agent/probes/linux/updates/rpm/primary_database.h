// A repository's list of packages as a database of SQLite (primary_db), which yum 3 reads.
#pragma once

#include <functional>
#include <string_view>

#include "agent/probes/linux/software/bytes/byte_source.h"
#include "agent/probes/linux/updates/rpm/primary_list.h"

namespace assay::agent {

// `show` is called for each package of a wanted name. kInvalidData when it is no such database or
// a package lacks what every one has; kTooLarge for more packages than any repository has.
[[nodiscard]] Status scan_primary_database(ByteSource& database,
                                           const std::function<bool(std::string_view)>& is_wanted,
                                           const std::function<void(const OfferedRpm&)>& show);

// The same of a file; its size, unpacked. A packed one has to be held in memory, and may be no
// larger than kMaxHeldDatabaseBytes.
[[nodiscard]] Result<std::uint64_t> scan_database(
    Host& host, const std::string& path, const std::function<bool(std::string_view)>& is_wanted,
    const std::function<void(const OfferedRpm&)>& show);

inline constexpr std::size_t kMaxDatabasePackages = 1'000'000;
inline constexpr std::size_t kMaxHeldDatabaseBytes = 64U << 20U;

}  // namespace assay::agent
