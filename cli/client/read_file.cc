#include "cli/client/read_file.h"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>

#include "evidence/refusal.h"

namespace assay::cli {

Result<std::string> read_file(const std::string& path, std::size_t max_bytes) {
  const int file = ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
  if (file < 0) return fail(system_error(errno, path));
  std::string text;
  std::string block(64U << 10U, '\0');
  for (;;) {
    const ssize_t count = ::read(file, block.data(), block.size());
    if (count < 0 && errno == EINTR) continue;
    const int number = errno;
    if (count <= 0) {
      (void)::close(file);  // only read from
      if (count == 0) return text;
      return fail(system_error(number, path));
    }
    text.append(block, 0, static_cast<std::size_t>(count));
    if (text.size() > max_bytes) {
      (void)::close(file);
      return refuse(Code::kTooLarge, {"{}: larger than {} bytes", "{}：超過 {} 位元組"}, path,
                    max_bytes);
    }
  }
}

}  // namespace assay::cli
