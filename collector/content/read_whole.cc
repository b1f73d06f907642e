#include "collector/content/read_whole.h"

#include <cerrno>
#include <cstdio>
#include <memory>

#include "evidence/refusal.h"

namespace assay::collector {

Result<std::string> read_whole(const std::string& path, std::size_t max_bytes) {
  struct Closer {
    void operator()(std::FILE* file) const { (void)std::fclose(file); }  // it was only read
  };
  const std::unique_ptr<std::FILE, Closer> file(std::fopen(path.c_str(), "rbe"));
  if (file == nullptr) return fail(system_error(errno, path));
  std::string content;
  constexpr std::size_t kStep = 256U << 10U;
  for (;;) {
    const auto before = content.size();
    content.resize(before + kStep);
    const auto got = std::fread(content.data() + before, 1, kStep, file.get());
    const int number = errno;
    content.resize(before + got);
    if (content.size() > max_bytes)
      return refuse(Code::kTooLarge, {"{}: more than {} bytes", "{}：超過 {} 位元組"}, path,
                    max_bytes);
    if (got == kStep) continue;
    if (std::ferror(file.get()) != 0) return fail(system_error(number, path));
    return content;
  }
}

}  // namespace assay::collector
