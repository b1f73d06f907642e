// Whose turn it is to ask somebody outside, among collectors that share a store.
#pragma once

#include <string_view>

#include "collector/store/sql/connection.h"
#include "evidence/result.h"
#include "evidence/timestamp.h"

namespace assay::collector::sql {

// True: the caller's, until `until`; nobody else's is longer than `now`. `table` has one row, with
// the column `until`. A turn that ends more than a day ahead was taken by a wrong clock and is
// void.
[[nodiscard]] Result<bool> take_turn(Connection& connection, std::string_view table,
                                     evidence::Seconds now, evidence::Seconds until);

}  // namespace assay::collector::sql
