#include "agent/state/state_folder.h"

#include <fcntl.h>
#include <pwd.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <optional>

namespace assay::agent {

namespace {

struct Account {
  uid_t user;
  gid_t group;
};

std::optional<Account> courier_account() {
  std::array<char, 4096> space{};
  passwd entry{};
  passwd* found = nullptr;
  if (::getpwnam_r(kCourierUser, &entry, space.data(), space.size(), &found) != 0 || !found)
    return std::nullopt;
  return Account{entry.pw_uid, entry.pw_gid};
}

enum class Writer { kAgent, kCourier };

// Through the descriptor: what is checked is what is changed, whoever renames things meanwhile.
Status prepare_folder(const std::string& path, Writer writer, unsigned mode) {
  const std::string what = "preparing " + path;
  if (::mkdir(path.c_str(), 0700) != 0 && errno != EEXIST) return fail(system_error(errno, what));
  const FileDescriptor folder(
      ::open(path.c_str(), O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC));
  if (!folder.is_open()) return fail(system_error(errno, what));
  struct stat status{};
  if (::fstat(folder.number(), &status) != 0) return fail(system_error(errno, what));
  if (::geteuid() != 0 && status.st_uid != ::geteuid()) return {};  // the other process's
  const auto account = ::geteuid() == 0 ? courier_account() : std::nullopt;
  if (account) {
    const uid_t owner = writer == Writer::kAgent ? 0 : account->user;
    if ((status.st_uid != owner || status.st_gid != account->group) &&
        ::fchown(folder.number(), owner, account->group) != 0)
      return fail(system_error(errno, what));
  }
  if ((status.st_mode & 07777U) != mode && ::fchmod(folder.number(), mode) != 0)
    return fail(system_error(errno, what));
  return {};
}

Status make_parents(const std::string& path) {
  for (auto at = path.find('/', 1); at != std::string::npos; at = path.find('/', at + 1))
    if (::mkdir(path.substr(0, at).c_str(), 0755) != 0 && errno != EEXIST)
      return fail(system_error(errno, "making " + path.substr(0, at)));
  return {};
}

}  // namespace

Status StateFolder::prepare() const {
  if (path_.empty()) return fail(Code::kConfiguration, "the state folder has no name");
  if (auto made = make_parents(path_); !made) return made;
  struct Folder {
    std::string path;
    Writer writer;
    unsigned mode;
  };
  // 2000: what root puts there belongs to the courier's group, so that it can be read.
  const std::array folders{
      Folder{path_, Writer::kAgent, 0750},           Folder{spool(), Writer::kAgent, 02750},
      Folder{accepted(), Writer::kAgent, 02750},     Folder{set_aside(), Writer::kAgent, 02750},
      Folder{tables(), Writer::kAgent, 02750},       Folder{verdicts(), Writer::kCourier, 0750},
      Folder{in("courier"), Writer::kCourier, 0750}, Folder{identity(), Writer::kCourier, 0700}};
  for (const auto& folder : folders)
    if (auto done = prepare_folder(folder.path, folder.writer, folder.mode); !done) return done;
  return {};
}

Result<FileDescriptor> StateFolder::lock() const {
  const auto path = in("lock");
  FileDescriptor file(::open(path.c_str(), O_RDWR | O_CREAT | O_NOFOLLOW | O_CLOEXEC, 0640));
  if (!file.is_open()) return fail(system_error(errno, "opening " + path));
  if (::flock(file.number(), LOCK_EX | LOCK_NB) == 0) return file;
  if (errno != EWOULDBLOCK) return fail(system_error(errno, "locking " + path));
  return fail(Code::kConflict, "another assay-agent uses " + path_);
}

}  // namespace assay::agent
