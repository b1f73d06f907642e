// Base64 (RFC 4648 §4) with padding. Strict: one content has one text.
#pragma once

#include <string>
#include <string_view>

#include "evidence/result.h"

namespace assay::evidence {

[[nodiscard]] std::string to_base64(std::string_view bytes);

// kInvalidData for anything that to_base64() does not write: line breaks, missing padding, bits
// behind the last byte.
[[nodiscard]] Result<std::string> from_base64(std::string_view text);

}  // namespace assay::evidence
