#include "collector/identity/key_file.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <filesystem>

#include "evidence/refusal.h"

namespace assay::collector {
namespace {

class File {
 public:
  explicit File(int number) : number_(number) {}
  ~File() {
    if (number_ >= 0) ::close(number_);
  }
  File(const File&) = delete;
  File& operator=(const File&) = delete;
  [[nodiscard]] int number() const { return number_; }

 private:
  int number_;
};

bool write_all(int file, std::string_view content) {
  while (!content.empty()) {
    const auto written = ::write(file, content.data(), content.size());
    if (written < 0 && errno == EINTR) continue;
    if (written <= 0) return false;
    content.remove_prefix(static_cast<std::size_t>(written));
  }
  return true;
}

}  // namespace

Status make_key_folder(const std::string& path) {
  std::error_code error;
  const auto parent = std::filesystem::path(path).parent_path();
  if (!parent.empty()) std::filesystem::create_directories(parent, error);
  if (::mkdir(path.c_str(), 0700) != 0 && errno != EEXIST)
    return fail(system_error(errno, phrase({"making {}", "建立 {}"}, path)));
  return {};
}

Status write_key_file(const std::string& path, std::string_view content) {
  const std::string draft = path + ".new";
  ::unlink(draft.c_str());
  {
    const File file(::open(draft.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600));
    if (file.number() < 0)
      return fail(system_error(errno, phrase({"creating {}", "建立 {}"}, draft)));
    if (!write_all(file.number(), content) || ::fsync(file.number()) != 0)
      return fail(system_error(errno, phrase({"writing {}", "寫入 {}"}, draft)));
  }
  if (::rename(draft.c_str(), path.c_str()) != 0)
    return fail(system_error(errno, phrase({"renaming {}", "重新命名 {}"}, draft)));
  const auto folder = std::filesystem::path(path).parent_path();
  const File directory(::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  if (directory.number() < 0 || ::fsync(directory.number()) != 0)
    return fail(system_error(errno, phrase({"syncing {}", "同步寫入 {}"}, folder.string())));
  return {};
}

Result<std::string> read_key_file(const std::string& path) {
  const File file(::open(path.c_str(), O_RDONLY | O_NOFOLLOW | O_CLOEXEC));
  if (file.number() < 0) return fail(system_error(errno, phrase({"opening {}", "開啟 {}"}, path)));
  struct stat facts{};
  if (::fstat(file.number(), &facts) != 0)
    return fail(system_error(errno, phrase({"reading {}", "讀取 {}"}, path)));
  if (!S_ISREG(facts.st_mode))
    return refuse(Code::kInvalidData, {"{} is not a plain file", "{} 不是一般檔案"}, path);
  if ((facts.st_mode & 0077U) != 0)
    return refuse(Code::kRefused,
                  {"{} can be read by others; run: chmod 0600 {}",
                   "其他人可讀取 {}；請執行「chmod 0600 {}」"},
                  path, path);
  if (facts.st_size > static_cast<off_t>(kMaxKeyFileBytes))
    return refuse(Code::kTooLarge, {"{} is too large", "{} 過大"}, path);
  std::string content(static_cast<std::size_t>(facts.st_size), '\0');
  std::size_t at = 0;
  while (at < content.size()) {
    const auto got = ::read(file.number(), content.data() + at, content.size() - at);
    if (got < 0 && errno == EINTR) continue;
    if (got <= 0)
      return fail(system_error(got < 0 ? errno : EIO, phrase({"reading {}", "讀取 {}"}, path)));
    at += static_cast<std::size_t>(got);
  }
  return content;
}

}  // namespace assay::collector
