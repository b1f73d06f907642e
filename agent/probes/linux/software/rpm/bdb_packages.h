// rpm's older database "Packages": a hash of Berkeley DB with the package's
// number as key and its header as value, of either byte order.
//
// Goes from bucket to bucket as Berkeley DB does; a header too large for a page
// lies in a chain of overflow pages. No page is taken twice, so a chain that
// runs in a circle, or two that meet, fail the whole database.
#pragma once

#include "agent/probes/linux/software/rpm/header_visitor.h"

namespace assay::agent {

[[nodiscard]] Status visit_bdb_headers(ByteSource& file, const HeaderVisitor& visit);

}  // namespace assay::agent
