// An act of a person as the collector shows it. Pure; hostile input.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "cli/client/remote.h"
#include "evidence/ledger/act.h"

namespace assay::cli {

struct ActText {
  evidence::Act act;
  std::optional<std::int64_t> index;  // where it is in the ledger, as the collector says
};

// An item of /api/v1/acts. kInvalidData when it is none.
[[nodiscard]] Result<ActText> act_text_from(const Json& item);

// "waiver_requested 17", for a line of a report.
[[nodiscard]] Text name_of(const evidence::Act& act);

}  // namespace assay::cli
