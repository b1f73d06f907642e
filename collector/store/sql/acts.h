// What people did, in the order in which it was put on record. An act is a number, a kind and the
// record it made; what the ledger names is derived from that record whenever it is asked for, so
// that a record that was altered later is not the one that was logged.
#pragma once

#include <string_view>
#include <vector>

#include "collector/store/page.h"
#include "collector/store/sql/connection.h"
#include "evidence/ledger/act.h"
#include "evidence/result.h"

namespace assay::collector::sql {

// In the transaction that makes the record, which must keep out all others that put something on
// record (Lock::kRecords): acts are numbered without a gap. `kind` is one of acts.cc.
[[nodiscard]] Status add_act(Connection& connection, std::string_view kind, std::string_view record,
                             evidence::Seconds at);
[[nodiscard]] Status add_act(Connection& connection, std::string_view kind, std::int64_t record,
                             evidence::Seconds at);

// Those that are not in the ledger yet.
[[nodiscard]] Result<std::vector<evidence::Act>> acts_behind_the_last(Connection& connection,
                                                                      std::size_t limit);
// An act whose record is not there, or whose kind is none, has neither name nor details.
[[nodiscard]] Result<Page<evidence::Act>> acts_after(Connection& connection, std::int64_t number,
                                                     std::size_t limit);

}  // namespace assay::collector::sql
