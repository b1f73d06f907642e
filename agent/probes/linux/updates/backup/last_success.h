// When a backup last succeeded, where a tool keeps that on the machine itself.
#pragma once

#include <string>
#include <string_view>

#include "agent/host/host.h"

namespace assay::agent {

struct LastSuccess {
  std::string day;     // YYYY-MM-DD; empty: see note
  std::string source;  // empty where there is no day
  std::string note;    // why there is no day
};

// `tool`: its name in backup_tools(). A place that may not be read is a note, no error.
[[nodiscard]] LastSuccess last_success_of(Host& host, std::string_view tool);

struct RsnapshotSettings {
  std::string level;  // the one that copies; the others only move what it copied. Empty: none
  std::string log;    // empty: not set
};
[[nodiscard]] RsnapshotSettings rsnapshot_settings(std::string_view text);
// Day of the last run of `level` that rsnapshot's log calls successful; empty when there is none.
[[nodiscard]] std::string last_rsnapshot_day(std::string_view log, std::string_view level);
// Latest end of a backup in a file backup.info of pgBackRest.
[[nodiscard]] std::string last_pgbackrest_day(std::string_view info);
// The <date> of a snapshot's info.xml of snapper.
[[nodiscard]] std::string snapper_day(std::string_view info);

}  // namespace assay::agent
