#include "cli/terminal/exit_code.h"

namespace assay::cli {

ExitCode exit_code_for(const Error& error) {
  switch (error.code()) {
    case Code::kUsage: return kUsageError;
    case Code::kInvalidData:
    case Code::kTooLarge: return kBadData;
    case Code::kNotFound:
    case Code::kPermissionDenied: return kCannotOpen;
    case Code::kConfiguration: return kBadConfiguration;
    default: return kToolError;
  }
}

}  // namespace assay::cli
