#include "agent/network/sensor/capture/byte_source.h"

#include <fcntl.h>

#include <algorithm>
#include <cerrno>
#include <utility>

namespace assay::agent::sensor {
namespace {

constexpr std::size_t kBufferBytes = 2 * ByteSource::kMaxRun;

}  // namespace

Result<ByteSource> ByteSource::open(const std::string& path) {
  ByteSource source;
  source.file_ = FileDescriptor(path == "-" ? ::fcntl(STDIN_FILENO, F_DUPFD_CLOEXEC, 3)
                                            : ::open(path.c_str(), O_RDONLY | O_CLOEXEC));
  if (!source.file_.is_open()) return fail(system_error(errno, "opening " + path));
  (void)::posix_fadvise(source.file_.number(), 0, 0, POSIX_FADV_SEQUENTIAL);  // a hint only
  source.buffer_ = std::make_unique_for_overwrite<std::uint8_t[]>(kBufferBytes);
  source.data_ = source.buffer_.get();
  return source;
}

ByteSource ByteSource::over(Bytes bytes) {
  ByteSource source;
  source.data_ = bytes.data();
  source.end_ = bytes.size();
  source.is_at_end_ = true;
  return source;
}

void ByteSource::fill(std::size_t size) {
  if (is_at_end_) return;
  std::memmove(buffer_.get(), buffer_.get() + at_, end_ - at_);
  end_ -= std::exchange(at_, 0);
  while (end_ < size && !is_at_end_) {
    const auto got = ::read(file_.number(), buffer_.get() + end_, kBufferBytes - end_);
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) failure_ = fail(system_error(errno, "reading the capture"));
    if (got <= 0)
      is_at_end_ = true;
    else
      end_ += static_cast<std::size_t>(got);
  }
}

bool ByteSource::skip(std::uint64_t size) {
  while (size > 0) {
    const auto step = static_cast<std::size_t>(std::min<std::uint64_t>(size, kMaxRun));
    const auto shown = peek(step).size();
    take(shown);
    if (shown < step) return false;
    size -= step;
  }
  return true;
}

}  // namespace assay::agent::sensor
