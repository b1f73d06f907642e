// A catalogue as it is kept: one zstd frame, under the digest of what is in it.
#pragma once

#include <string>
#include <string_view>

#include "evidence/digest.h"
#include "evidence/result.h"

namespace assay::collector {

// Its JSON. kInvalidData or kTooLarge when that is not what was stored.
[[nodiscard]] Result<std::string> unpack_catalogue(std::string_view frame,
                                                   const evidence::Digest& digest);

}  // namespace assay::collector
