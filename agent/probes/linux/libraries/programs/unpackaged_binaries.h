// Table unpackaged_binaries.
#pragma once

#include "agent/host/host.h"
#include "evidence/table.h"

namespace assay::agent {

// The programs of find_programs() that remove_packaged() leaves. kNotSupported where it is not
// known what packages own.
[[nodiscard]] Result<evidence::Table> collect_unpackaged_binaries(Host& host);

// A larger program is listed without digest.
inline constexpr std::uint64_t kMaxHashedBytes = std::uint64_t{2} << 30U;

}  // namespace assay::agent
