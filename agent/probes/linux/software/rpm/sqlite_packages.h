// rpm's database "rpmdb.sqlite": a table "Packages" of numbers and headers.
#pragma once

#include "agent/probes/linux/software/rpm/header_visitor.h"

namespace assay::agent {

// `log`: the write-ahead log beside the file; nullptr when there is none or it is empty.
// Shows at least the packages of the selection.
[[nodiscard]] Status visit_sqlite_headers(ByteSource& file, ByteSource* log,
                                          const HeaderVisitor& visit,
                                          const RpmSelection& selection = {});

}  // namespace assay::agent
