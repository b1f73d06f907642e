// zstd frames (RFC 8878) with the size known and bounded before anything is allocated.
#pragma once

#include <string>
#include <string_view>

#include "evidence/result.h"

namespace assay::evidence {

// One frame that states its content size.
[[nodiscard]] Result<std::string> compress(std::string_view bytes);

// kTooLarge when the frame states, or turns out to hold, more than `max_bytes`;
// kInvalidData when it is broken, states no size, or more follows it.
[[nodiscard]] Result<std::string> decompress(std::string_view frame, std::size_t max_bytes);

// The same with a prefix: bytes that both sides have already, so that the frame holds little
// more than where the content differs from them. Without the very same prefix it cannot be read:
// whoever reads must check what came out by its digest.
[[nodiscard]] Result<std::string> compress_with(std::string_view prefix, std::string_view bytes);
[[nodiscard]] Result<std::string> decompress_with(std::string_view prefix, std::string_view frame,
                                                  std::size_t max_bytes);

}  // namespace assay::evidence
