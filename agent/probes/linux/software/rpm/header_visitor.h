// Who looks at each package header of a database; the first error ends the visit.
#pragma once

#include <functional>

#include "agent/probes/linux/software/bytes/byte_source.h"
#include "evidence/result.h"

namespace assay::agent {

using HeaderVisitor = std::function<Status(ByteSource& header)>;

}  // namespace assay::agent
