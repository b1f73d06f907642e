#include "collector/backup/backup.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <filesystem>
#include <functional>

#include "collector/content/read_whole.h"
#include "collector/identity/key_file.h"
#include "collector/store/sqlite/copy.h"
#include "evidence/refusal.h"

namespace assay::collector {

namespace fs = std::filesystem;

namespace {

constexpr const char* kStore = "store.db";
constexpr std::size_t kBlock = 1U << 20U;

// Of a collector that serves, or of SQLite's.
bool is_passing(const std::string& path) {
  return path == "serve.json" || path == "lock" || path == "store.db-wal" ||
         path == "store.db-shm" || path == kStore;
}

class File {
 public:
  File(const std::string& path, int flags)
      : number_(::open(path.c_str(), flags | O_NOFOLLOW | O_CLOEXEC, 0600)) {}
  ~File() {
    if (number_ >= 0) ::close(number_);
  }
  File(const File&) = delete;
  File& operator=(const File&) = delete;
  [[nodiscard]] int number() const { return number_; }

 private:
  int number_;
};

// Calls `take` with one block after another.
Status read_blocks(const std::string& path, const std::function<Status(std::string_view)>& take) {
  const File file(path, O_RDONLY);
  if (file.number() < 0) return fail(system_error(errno, phrase({"opening {}", "開啟 {}"}, path)));
  struct stat facts{};
  if (::fstat(file.number(), &facts) != 0)
    return fail(system_error(errno, phrase({"reading {}", "讀取 {}"}, path)));
  if (!S_ISREG(facts.st_mode))
    return refuse(Code::kInvalidData, {"{} is not a plain file", "{} 不是一般檔案"}, path);
  std::string block(kBlock, '\0');
  for (;;) {
    const auto got = ::read(file.number(), block.data(), block.size());
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) return fail(system_error(errno, phrase({"reading {}", "讀取 {}"}, path)));
    if (got == 0) return {};
    if (auto taken = take(std::string_view(block).substr(0, static_cast<std::size_t>(got))); !taken)
      return taken;
  }
}

Result<BackupFile> read_file(const std::string& folder, const std::string& path) {
  BackupFile file{path, 0, {}};
  evidence::Sha256 digest;
  auto read = read_blocks(folder + "/" + path, [&](std::string_view block) -> Status {
    digest.add(block);
    file.bytes += static_cast<std::int64_t>(block.size());
    return {};
  });
  if (!read) return fail(read.error());
  file.digest = digest.finish();
  return file;
}

// Mode 0600, on disk when the call returns.
Status copy_file(const std::string& from, const std::string& to) {
  const File file(to, O_WRONLY | O_CREAT | O_EXCL);
  if (file.number() < 0) return fail(system_error(errno, phrase({"creating {}", "建立 {}"}, to)));
  auto copied = read_blocks(from, [&](std::string_view block) -> Status {
    while (!block.empty()) {
      const auto written = ::write(file.number(), block.data(), block.size());
      if (written < 0 && errno == EINTR) continue;
      if (written <= 0)
        return fail(system_error(written < 0 ? errno : EIO, phrase({"writing {}", "寫入 {}"}, to)));
      block.remove_prefix(static_cast<std::size_t>(written));
    }
    return {};
  });
  if (copied && ::fsync(file.number()) != 0)
    return fail(system_error(errno, phrase({"syncing {}", "同步寫入 {}"}, to)));
  return copied;
}

Status make_parents(const std::string& folder, const std::string& path) {
  std::string made = folder;
  for (const auto& part : fs::path(path).parent_path()) {
    made += "/" + part.string();
    if (auto done = make_key_folder(made); !done) return done;
  }
  return {};
}

// The plain files below a folder, sorted; symbolic links and the like are refused, for what they
// lead to would not be in the copy.
Result<std::vector<std::string>> files_below(const std::string& folder) {
  std::vector<std::string> files;
  std::error_code error;
  for (fs::recursive_directory_iterator at(folder, error), end; !error && at != end;
       at.increment(error)) {
    const auto path = fs::relative(at->path(), folder).string();
    const auto status = at->symlink_status(error);
    if (error) break;
    if (fs::is_directory(status) || is_passing(path)) continue;
    if (!fs::is_regular_file(status))
      return refuse(Code::kInvalidData, {"{} is not a plain file", "{} 不是一般檔案"},
                    at->path().string());
    if (files.size() == kMaxBackupFiles)
      return refuse(Code::kTooLarge, {"{}: too many files", "{}：檔案過多"}, folder);
    files.push_back(path);
  }
  if (error) return fail(system_error(error.value(), phrase({"reading {}", "讀取 {}"}, folder)));
  std::ranges::sort(files);
  return files;
}

// An empty folder of mode 0700; `*is_new` when there was none.
Status make_empty(const std::string& folder, bool* is_new) {
  std::error_code error;
  *is_new = !fs::exists(folder, error);
  if (auto made = make_key_folder(folder); !made) return made;
  if (!fs::is_empty(folder, error) || error)
    return refuse(Code::kConflict, {"{} is not an empty folder", "{} 不是空的資料夾"}, folder);
  if (::chmod(folder.c_str(), 0700) != 0) return fail(system_error(errno, folder));
  return {};
}

// Takes away what a failure left half done.
class Cleared {
 public:
  Cleared(std::string folder, bool is_new) : folder_(std::move(folder)), is_new_(is_new) {}
  ~Cleared() {
    if (is_kept_) return;
    std::error_code error;
    if (is_new_) {
      fs::remove_all(folder_, error);
      return;
    }
    for (const auto& entry : fs::directory_iterator(folder_, error))
      fs::remove_all(entry.path(), error);
  }
  Cleared(const Cleared&) = delete;
  Cleared& operator=(const Cleared&) = delete;
  void keep() { is_kept_ = true; }

 private:
  std::string folder_;
  bool is_new_;
  bool is_kept_ = false;
};

}  // namespace

Result<BackupList> take_backup(const std::string& state, const std::string& to,
                               evidence::Seconds now) {
  std::error_code error;
  if (!fs::exists(state + "/" + kStore, error))
    return refuse(Code::kNotFound,
                  {"{}: no collector keeps its state there", "{}：沒有收集伺服器的狀態"}, state);
  // A backup below the state would be in the next one.
  const auto inside =
      fs::weakly_canonical(to, error).lexically_relative(fs::weakly_canonical(state, error));
  if (!inside.empty() && *inside.begin() != "..")
    return refuse(Code::kUsage, {"{} is inside the state folder", "{} 位於狀態資料夾之內"}, to);
  bool is_new = false;
  if (auto made = make_empty(to, &is_new); !made) return fail(made.error());
  Cleared cleared(to, is_new);
  BackupList list{evidence::to_timestamp(now), ASSAY_VERSION, {}};
  auto files = files_below(state);
  if (!files) return fail(files.error());
  for (const auto& path : *files) {
    if (auto made = make_parents(to, path); !made) return fail(made.error());
    if (auto copied = copy_file(state + "/" + path, to + "/" + path); !copied)
      return fail(copied.error());
  }
  // Last, so that nothing that it speaks of (a key, a certificate) is missing in the copy.
  if (auto copied = sqlite::copy_store(state + "/" + kStore, to + "/" + kStore); !copied)
    return fail(copied.error());
  files->insert(std::ranges::upper_bound(*files, kStore), kStore);
  for (const auto& path : *files) {
    auto file = read_file(to, path);
    if (!file) return fail(file.error());
    list.files.push_back(std::move(*file));
  }
  if (auto written = write_key_file(to + "/" + kBackupList, to_json(list)); !written)
    return fail(written.error());
  cleared.keep();
  return list;
}

Result<BackupList> check_backup(const std::string& from) {
  const auto text = read_whole(from + "/" + kBackupList, kMaxBackupListBytes);
  if (!text) {
    if (text.error().code() == Code::kNotFound)
      return refuse(Code::kNotFound,
                    {"{}: is no backup, or one that did not end", "{}：不是備份，或備份並未完成"},
                    from);
    return fail(text.error());
  }
  auto list = backup_list_from(*text);
  if (!list) return fail(list.error().within(from));
  if (std::ranges::find(list->files, kStore, &BackupFile::path) == list->files.end())
    return refuse(Code::kInvalidData,
                  {"{}: the store is not in the backup", "{}：備份中沒有資料庫"}, from);
  for (const auto& expected : list->files) {
    const auto file = read_file(from, expected.path);
    if (!file) return fail(Code::kInvalidData, file.error().text());
    if (file->bytes != expected.bytes || file->digest != expected.digest)
      return refuse(Code::kInvalidData,
                    {"{}/{} is not what the backup wrote", "{}/{} 與備份時寫入的不同"}, from,
                    expected.path);
  }
  return list;
}

Result<BackupList> restore_backup(const std::string& from, const std::string& state) {
  auto list = check_backup(from);
  if (!list) return list;
  bool is_new = false;
  if (auto made = make_empty(state, &is_new); !made) return fail(made.error());
  Cleared cleared(state, is_new);
  for (const auto& expected : list->files) {
    if (auto made = make_parents(state, expected.path); !made) return fail(made.error());
    if (auto copied = copy_file(from + "/" + expected.path, state + "/" + expected.path); !copied)
      return fail(copied.error());
    // The disk, or somebody, may have changed it since it was checked.
    const auto file = read_file(state, expected.path);
    if (!file) return fail(file.error());
    if (file->digest != expected.digest)
      return refuse(Code::kInvalidData, {"{}/{} has changed meanwhile", "{}/{} 在還原期間遭更動"},
                    from, expected.path);
  }
  cleared.keep();
  return list;
}

}  // namespace assay::collector
