// The databases of dnf and yum: which layout one has is found by asking.
#pragma once

#include <sqlite3.h>

#include <functional>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "agent/probes/linux/software/bytes/byte_source.h"

namespace assay::agent {

struct HistoryLayout {
  std::string_view manager;
  std::string_view query;
};

// Calls `take` with each row of the first query that SQLite can prepare. kInvalidData for what is
// no such database, or one that is cut short, hostile or of a layout that is not among these.
[[nodiscard]] Status for_each_row(
    ByteSource& database, ByteSource* log, std::span<const HistoryLayout> layouts,
    const std::function<Status(sqlite3_stmt* row, std::string_view manager)>& take);

[[nodiscard]] std::optional<std::int64_t> number_at(sqlite3_stmt* row, int column);
// Empty when it is no text.
[[nodiscard]] std::string text_at(sqlite3_stmt* row, int column);
// Seconds since 1970 as "2026-11-21 09:00:00" (UTC). kInvalidData when it is none.
[[nodiscard]] Result<std::string> time_at(sqlite3_stmt* row, int column);

// The user id of a run that nobody was logged in for: a timer started it.
[[nodiscard]] bool is_nobody(std::int64_t uid);

}  // namespace assay::agent
