// The first bytes of its own SHA-256 before what is kept, so that any byte of it that is altered is
// found, also one that what comes out of it does not depend on. Not for proof: who may write there
// can seal anew. Pure.
#pragma once

#include <string>
#include <string_view>

#include "evidence/result.h"

namespace assay::collector {

// `under`: what it belongs to; under another it is no more what it was.
[[nodiscard]] std::string sealed(std::string_view frame, std::string_view under = {});
// The frame. kInvalidData when it was altered.
[[nodiscard]] Result<std::string_view> unsealed(std::string_view kept, std::string_view under = {});

}  // namespace assay::collector
