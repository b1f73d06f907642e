// Snapshots as they are read whole.
#pragma once

#include <string>
#include <string_view>

#include "collector/store/evidence_store.h"
#include "collector/store/sql/connection.h"

namespace assay::collector::sql {

// The statement that reads whole snapshots, and then `rest`.
[[nodiscard]] std::string select_snapshots(const Connection& connection, std::string_view rest);
inline constexpr int kSnapshotNumber = 12;  // the column that says in which order they came
[[nodiscard]] Snapshot read_snapshot(const Statement& row);

}  // namespace assay::collector::sql
