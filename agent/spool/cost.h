// What things take of the spool's bound: whole blocks of the disk.
#pragma once

#include <cstddef>
#include <cstdint>

namespace assay::agent {

[[nodiscard]] std::int64_t table_cost(std::size_t frame_bytes);
// The folder, manifest, signature, and the verdict that will come.
[[nodiscard]] std::int64_t snapshot_cost(std::size_t manifest_bytes);

}  // namespace assay::agent
