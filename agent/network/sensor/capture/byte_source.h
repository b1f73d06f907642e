// Reads a file or a pipe in large pieces and hands out runs of it that lie together in memory.
//
// Reading, not mapping: a file that somebody shortens while it is mapped ends the process.
#pragma once

#include <cstdint>
#include <memory>
#include <string>

#include "agent/host/file_descriptor.h"
#include "agent/network/sensor/packet/bytes.h"
#include "evidence/result.h"

namespace assay::agent::sensor {

class ByteSource {
 public:
  // No longer run than this may be asked for.
  static constexpr std::size_t kMaxRun = 512U << 10U;

  // "-": standard input.
  [[nodiscard]] static Result<ByteSource> open(const std::string& path);
  // For tests and fuzzing: `bytes` must live as long.
  [[nodiscard]] static ByteSource over(Bytes bytes);

  // The next `size` bytes without taking them; fewer at the end of the file or when reading
  // failed (then failure() says so). Valid until the next call.
  [[nodiscard]] Bytes peek(std::size_t size) {
    if (end_ - at_ < size) fill(size);
    return {data_ + at_, std::min(size, end_ - at_)};
  }
  // Not more than peek() has shown.
  void take(std::size_t size) {
    at_ += size;
    taken_ += size;
  }
  // Takes `size` bytes, however many; false when there are not so many.
  [[nodiscard]] bool skip(std::uint64_t size);

  [[nodiscard]] std::uint64_t offset() const { return taken_; }
  [[nodiscard]] const Status& failure() const { return failure_; }

 private:
  void fill(std::size_t size);

  FileDescriptor file_;
  std::unique_ptr<std::uint8_t[]> buffer_;
  const std::uint8_t* data_ = nullptr;
  std::size_t at_ = 0;
  std::size_t end_ = 0;
  std::uint64_t taken_ = 0;
  bool is_at_end_ = false;
  Status failure_;
};

}  // namespace assay::agent::sensor
