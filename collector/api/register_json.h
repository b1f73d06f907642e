// The JSON form of what the register says of a machine.
#pragma once

#include "collector/api/present.h"
#include "collector/store/register_entry.h"

namespace assay::collector::api {

// {"host","fields","groups","since","until","changed_by","note"}; since is null where nothing is
// recorded.
[[nodiscard]] Json to_json(const RegisterEntry& entry, const Host& host);

}  // namespace assay::collector::api
