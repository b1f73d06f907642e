// How what is committed comes to other servers, as the primary tells it. Changes nothing.
#pragma once

#include <string>
#include <vector>

#include "collector/store/postgres/servers.h"
#include "evidence/result.h"

namespace assay::collector::postgres {

struct Replication {
  struct Standby {
    std::string name;
    bool is_told = false;  // the collector's user may see how it follows
    bool is_waited_for = false;
  };
  std::vector<Standby> standbys;   // that are connected
  bool has_to_wait = false;        // synchronous_standby_names is set
  std::string synchronous_commit;  // of the collector's sessions
  bool is_off_by_default = false;  // synchronous_commit, for other sessions
  bool has_fsync = true;
  bool has_full_pages = true;
};

// kUnavailable when it does not answer.
[[nodiscard]] Result<Replication> replication_of(const std::string& conninfo,
                                                 const Server& primary);

}  // namespace assay::collector::postgres
