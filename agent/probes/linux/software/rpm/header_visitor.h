// Who looks at each package header of a database, and which of them are asked for.
#pragma once

#include <functional>
#include <set>
#include <string>

#include "agent/probes/linux/software/bytes/byte_source.h"
#include "evidence/result.h"

namespace assay::agent {

// The first error ends the visit.
using HeaderVisitor = std::function<Status(ByteSource& header)>;

// Which packages are asked for, by something that rpm may have an index of. Where it has none, all
// are shown.
struct RpmSelection {
  enum class By { kNothing, kName, kFileName };
  By by = By::kNothing;  // all packages
  std::set<std::string> keys;
};

}  // namespace assay::agent
