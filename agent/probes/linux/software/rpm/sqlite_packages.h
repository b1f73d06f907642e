// rpm's database "rpmdb.sqlite": a table "Packages" of numbers and headers.
#pragma once

#include <set>
#include <string>

#include "agent/probes/linux/software/rpm/header_visitor.h"

namespace assay::agent {

// `log`: the write-ahead log beside the file; nullptr when there is none or it is empty.
// `file_names`: none for all packages; else at least those that list a file of one of these names,
// which rpm has an index of.
[[nodiscard]] Status visit_sqlite_headers(ByteSource& file, ByteSource* log,
                                          const HeaderVisitor& visit,
                                          const std::set<std::string>& file_names = {});

}  // namespace assay::agent
