// zstd frames (RFC 8878) with the size known and bounded before anything is allocated.
#pragma once

#include <memory>
#include <string>
#include <string_view>

#include "evidence/result.h"

namespace assay::evidence {

// Of one thread at a time. Keeps what the library works in (some 0.2 MB, after large frames more)
// from one frame to the next: for a small frame, getting it takes longer than the work.
class FrameCodec {
 public:
  FrameCodec();
  ~FrameCodec();
  FrameCodec(const FrameCodec&) = delete;
  FrameCodec& operator=(const FrameCodec&) = delete;

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

 private:
  struct Contexts;
  std::unique_ptr<Contexts> contexts_;
};

// That of the calling thread, for those who read or write many frames.
[[nodiscard]] FrameCodec& codec_of_thread();

// The same for one frame now and then: nothing is kept. Safe from any thread.
[[nodiscard]] Result<std::string> compress(std::string_view bytes);
[[nodiscard]] Result<std::string> decompress(std::string_view frame, std::size_t max_bytes);
[[nodiscard]] Result<std::string> compress_with(std::string_view prefix, std::string_view bytes);
[[nodiscard]] Result<std::string> decompress_with(std::string_view prefix, std::string_view frame,
                                                  std::size_t max_bytes);

}  // namespace assay::evidence
