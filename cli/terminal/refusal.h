// How the commands refuse: in both languages, which the compiler sees to.
#pragma once

#include <string>

#include "evidence/refusal.h"

namespace assay::cli {

// People read whatever is refused here: refuse() instead. A call of this is ambiguous, and does not
// compile.
std::unexpected<Error> fail(Code code, std::string message) = delete;

}  // namespace assay::cli
