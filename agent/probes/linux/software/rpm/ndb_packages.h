// rpm's database "Packages.db" (ndb, as SUSE has it): a page or more of slots,
// 16 bytes each, that say in which blocks of 16 bytes a package's header lies.
// All numbers are little-endian.
//
// Strict, as rpm itself is: a slot that points behind the file's end, into
// another package or at something that is no header fails the whole database.
#pragma once

#include "agent/probes/linux/software/rpm/header_visitor.h"

namespace assay::agent {

[[nodiscard]] Status visit_ndb_headers(ByteSource& file, const HeaderVisitor& visit);

}  // namespace assay::agent
