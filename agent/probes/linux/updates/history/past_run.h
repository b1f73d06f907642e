// One run of a package manager, as its log tells it.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "agent/probes/linux/software/bytes/byte_source.h"
#include "evidence/result.h"

namespace assay::agent {

struct PastRun {
  std::string manager;
  std::string time;     // sorts as text; see the table's meaning for its zone
  std::string program;  // empty: not recorded
  std::optional<bool> is_automatic;
  std::optional<std::int64_t> installed;
  std::optional<std::int64_t> upgraded;
  std::optional<std::int64_t> removed;
  std::optional<bool> has_succeeded;
  std::string source;
  std::string note;
};

// The program of a command line: its first word, when it is a plain name or path.
[[nodiscard]] std::string program_of(std::string_view command_line);

// Each of these reads one log. kInvalidData for what is no such log.
[[nodiscard]] Result<std::vector<PastRun>> parse_apt_history(std::string_view text);
// One run for each day.
[[nodiscard]] Result<std::vector<PastRun>> parse_dpkg_log(std::string_view text);
[[nodiscard]] Result<std::vector<PastRun>> parse_zypp_history(std::string_view text);
// Runs that changed something or failed; others, as "apk update", are no updates.
[[nodiscard]] Result<std::vector<PastRun>> parse_apk_log(std::string_view text);
// dnf's or yum's file of SQLite. `log`: what is written beside it and not yet in it; nullptr:
// nothing.
[[nodiscard]] Result<std::vector<PastRun>> read_dnf_history(ByteSource& database, ByteSource* log);

}  // namespace assay::agent
