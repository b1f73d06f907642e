#include "evidence/compress.h"

#include <zstd.h>

#include <algorithm>
#include <bit>
#include <memory>

namespace assay::evidence {

namespace {

// A block holds at most 128 KiB and takes at least three bytes of the frame (RFC 8878 §3.1.1.2).
constexpr std::size_t kMaxBlockBytes = 128U << 10U;
constexpr std::size_t kMinBlockHeader = 3;

constexpr int kLevel = 3;  // 5.3x at 400 MB/s on package inventories; higher levels gain little
// A manifest of 60 tables against the one before: 44 to 170 bytes in 0.03 ms; level 19 saves a
// quarter of the larger ones and takes twenty times as long.
constexpr int kDifferenceLevel = 6;
// zstd takes no smaller window, and refuses to read a larger one without being asked.
constexpr int kMinWindowLog = 10;
constexpr int kMaxWindowLog = 27;

// The size that the frame states, once it is known to be possible and allowed.
Result<std::size_t> stated_size(std::string_view frame, std::size_t max_bytes) {
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
  return static_cast<std::size_t>(stated);
}

Result<std::string> checked(std::string out, std::size_t size) {
  if (ZSTD_isError(size) != 0U) return fail(Code::kInvalidData, ZSTD_getErrorName(size));
  if (size != out.size()) return fail(Code::kInvalidData, "the zstd frame states a wrong size");
  return out;
}

int window_for(std::size_t bytes) {
  return std::clamp(static_cast<int>(std::bit_width(bytes)), kMinWindowLog, kMaxWindowLog);
}

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
  const auto stated = stated_size(frame, max_bytes);
  if (!stated) return fail(stated.error());
  std::string out(*stated, '\0');
  const std::size_t size = ZSTD_decompress(out.data(), out.size(), frame.data(), frame.size());
  return checked(std::move(out), size);
}

Result<std::string> compress_with(std::string_view prefix, std::string_view bytes) {
  const std::unique_ptr<ZSTD_CCtx, decltype(&ZSTD_freeCCtx)> context(ZSTD_createCCtx(),
                                                                     ZSTD_freeCCtx);
  if (!context) return fail(Code::kInternal, "no memory for zstd");
  std::string out(ZSTD_compressBound(bytes.size()), '\0');
  std::size_t size =
      ZSTD_CCtx_setParameter(context.get(), ZSTD_c_compressionLevel, kDifferenceLevel);
  if (ZSTD_isError(size) == 0U)
    size = ZSTD_CCtx_setParameter(context.get(), ZSTD_c_windowLog,
                                  window_for(prefix.size() + bytes.size()));
  if (ZSTD_isError(size) == 0U)
    size = ZSTD_CCtx_refPrefix(context.get(), prefix.data(), prefix.size());
  if (ZSTD_isError(size) == 0U)
    size = ZSTD_compress2(context.get(), out.data(), out.size(), bytes.data(), bytes.size());
  if (ZSTD_isError(size) != 0U) return fail(Code::kInternal, ZSTD_getErrorName(size));
  out.resize(size);
  return out;
}

Result<std::string> decompress_with(std::string_view prefix, std::string_view frame,
                                    std::size_t max_bytes) {
  const auto stated = stated_size(frame, max_bytes);
  if (!stated) return fail(stated.error());
  const std::unique_ptr<ZSTD_DCtx, decltype(&ZSTD_freeDCtx)> context(ZSTD_createDCtx(),
                                                                     ZSTD_freeDCtx);
  if (!context) return fail(Code::kInternal, "no memory for zstd");
  std::string out(*stated, '\0');
  std::size_t size = ZSTD_DCtx_refPrefix(context.get(), prefix.data(), prefix.size());
  if (ZSTD_isError(size) == 0U)
    size = ZSTD_decompressDCtx(context.get(), out.data(), out.size(), frame.data(), frame.size());
  return checked(std::move(out), size);
}

}  // namespace assay::evidence
