// Which database: a connection string of libpq, checked and safe to be shown.
#pragma once

#include <string>
#include <string_view>

#include "evidence/result.h"

namespace assay::collector::postgres {

struct Target {
  std::string conninfo;  // as it was written: libpq expands it, also its service and passfile
  std::string shown;     // for people and logs: hosts, database and user
};

// "host=a,b dbname=assay …" or "postgresql://…". kUsage for what libpq cannot read, and for a
// password: settings are read, and command lines seen, by more people than may know it.
[[nodiscard]] Result<Target> parse_target(std::string_view text);

}  // namespace assay::collector::postgres
