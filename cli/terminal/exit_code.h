// What a program of ours ends with. The meaning is that of the whole product (docs/user-guide); 64
// and above as in sysexits.h.
#pragma once

#include "evidence/result.h"

namespace assay::cli {

enum ExitCode : int {
  kDone = 0,
  kToolError = 1,
  kFindings = 2,
  kIncomplete = 3,
  kUsageError = 64,
  kBadData = 65,
  kCannotOpen = 66,
  kBadConfiguration = 78,
};
[[nodiscard]] ExitCode exit_code_for(const Error& error);

}  // namespace assay::cli
