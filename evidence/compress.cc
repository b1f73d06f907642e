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
// Where nearly everything is in the prefix, level 1 finds it, and higher levels gain nothing: the
// manifests of a month, each against the one before, take 452 bytes with 1, 453 with 3, 513 with 6.
constexpr int kDifferenceLevel = 1;
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

std::unexpected<Error> no_memory() {
  return fail(Code::kInternal, "no memory for zstd");
}

int window_for(std::size_t bytes) {
  return std::clamp(static_cast<int>(std::bit_width(bytes)), kMinWindowLog, kMaxWindowLog);
}

}  // namespace

struct FrameCodec::Contexts {
  // Made when they are first needed; nullptr when there is no memory for them.
  ZSTD_CCtx* writing() {
    if (!writer) writer.reset(ZSTD_createCCtx());
    if (writer) ZSTD_CCtx_reset(writer.get(), ZSTD_reset_session_and_parameters);
    return writer.get();
  }
  ZSTD_DCtx* reading() {
    if (!reader) reader.reset(ZSTD_createDCtx());
    if (reader) ZSTD_DCtx_reset(reader.get(), ZSTD_reset_session_and_parameters);
    return reader.get();
  }

  std::unique_ptr<ZSTD_CCtx, decltype(&ZSTD_freeCCtx)> writer{nullptr, ZSTD_freeCCtx};
  std::unique_ptr<ZSTD_DCtx, decltype(&ZSTD_freeDCtx)> reader{nullptr, ZSTD_freeDCtx};
};

FrameCodec::FrameCodec() : contexts_(std::make_unique<Contexts>()) {}

FrameCodec::~FrameCodec() = default;

Result<std::string> FrameCodec::compress(std::string_view bytes) {
  auto* context = contexts_->writing();
  if (context == nullptr) return no_memory();
  std::string out(ZSTD_compressBound(bytes.size()), '\0');
  const std::size_t size =
      ZSTD_compressCCtx(context, out.data(), out.size(), bytes.data(), bytes.size(), kLevel);
  if (ZSTD_isError(size) != 0U) return fail(Code::kInternal, ZSTD_getErrorName(size));
  out.resize(size);
  return out;
}

Result<std::string> FrameCodec::decompress(std::string_view frame, std::size_t max_bytes) {
  return decompress_with({}, frame, max_bytes);
}

Result<std::string> FrameCodec::compress_with(std::string_view prefix, std::string_view bytes) {
  auto* context = contexts_->writing();
  if (context == nullptr) return no_memory();
  std::string out(ZSTD_compressBound(bytes.size()), '\0');
  std::size_t size = ZSTD_CCtx_setParameter(context, ZSTD_c_compressionLevel, kDifferenceLevel);
  if (ZSTD_isError(size) == 0U)
    size =
        ZSTD_CCtx_setParameter(context, ZSTD_c_windowLog, window_for(prefix.size() + bytes.size()));
  if (ZSTD_isError(size) == 0U) size = ZSTD_CCtx_refPrefix(context, prefix.data(), prefix.size());
  if (ZSTD_isError(size) == 0U)
    size = ZSTD_compress2(context, out.data(), out.size(), bytes.data(), bytes.size());
  if (ZSTD_isError(size) != 0U) return fail(Code::kInternal, ZSTD_getErrorName(size));
  out.resize(size);
  return out;
}

Result<std::string> FrameCodec::decompress_with(std::string_view prefix, std::string_view frame,
                                                std::size_t max_bytes) {
  const auto stated = stated_size(frame, max_bytes);
  if (!stated) return fail(stated.error());
  auto* context = contexts_->reading();
  if (context == nullptr) return no_memory();
  std::string out(*stated, '\0');
  std::size_t size =
      prefix.empty() ? 0 : ZSTD_DCtx_refPrefix(context, prefix.data(), prefix.size());
  if (ZSTD_isError(size) == 0U)
    size = ZSTD_decompressDCtx(context, out.data(), out.size(), frame.data(), frame.size());
  return checked(std::move(out), size);
}

FrameCodec& codec_of_thread() {
  thread_local FrameCodec codec;
  return codec;
}

Result<std::string> compress(std::string_view bytes) {
  return FrameCodec().compress(bytes);
}

Result<std::string> decompress(std::string_view frame, std::size_t max_bytes) {
  return FrameCodec().decompress(frame, max_bytes);
}

Result<std::string> compress_with(std::string_view prefix, std::string_view bytes) {
  return FrameCodec().compress_with(prefix, bytes);
}

Result<std::string> decompress_with(std::string_view prefix, std::string_view frame,
                                    std::size_t max_bytes) {
  return FrameCodec().decompress_with(prefix, frame, max_bytes);
}

}  // namespace assay::evidence
