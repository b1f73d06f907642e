// What is refused about hosts, in whatever way an engine has looked for them.
#pragma once

#include <optional>
#include <string_view>

#include "collector/store/sql/connection.h"
#include "evidence/result.h"

namespace assay::collector::sql {

// kNotFound: there is no such host.
[[nodiscard]] std::unexpected<Error> no_host(std::string_view id);
// Whether something may be written for the host; nullopt: there is none. kNotFound, kRefused.
[[nodiscard]] Status check_standing(std::string_view id, std::optional<bool> is_revoked);
// The same of the stored host, which is not revoked by others until the transaction ends.
[[nodiscard]] Status check_host(Connection& connection, std::string_view id);

}  // namespace assay::collector::sql
