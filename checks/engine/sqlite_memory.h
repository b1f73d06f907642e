// Memory for SQLite. Preparing a query takes and returns hundreds of small pieces; SQLite's own
// lists for them (lookaside) are left out of Debian's build, so that each piece is a malloc and a
// free. Here each thread keeps what SQLite gave back, by size, for the next that asks.
#pragma once

namespace assay::checks {

// For all of the process. To be called before anything uses SQLite (from main(), before a second
// thread): later it is refused, without harm, and SQLite's memory stays as it was. Returns whether
// it is in use.
bool pool_sqlite_memory();

}  // namespace assay::checks
