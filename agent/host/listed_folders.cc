#include "agent/host/listed_folders.h"

namespace assay::agent {
namespace {

constexpr std::int64_t kSettlingSeconds = 2;
constexpr std::size_t kMaxFolders = 512;
constexpr std::size_t kMaxNames = 1'000;  // of one folder

std::uint64_t nanoseconds(const struct ::timespec& time) {
  return static_cast<std::uint64_t>(time.tv_sec) * 1'000'000'000 +
         static_cast<std::uint64_t>(time.tv_nsec);
}

// The kernel's own say 0, and have no times that mean anything.
bool is_made_up(const struct ::stat& status) {
  return status.st_size == 0;
}

}  // namespace

ListedFolders::Key ListedFolders::key_of(const struct ::stat& status) {
  return {status.st_dev, status.st_ino, nanoseconds(status.st_mtim), nanoseconds(status.st_ctim)};
}

const std::vector<std::string>* ListedFolders::find(const struct ::stat& status) const {
  if (is_made_up(status)) return nullptr;
  const auto known = known_.find(key_of(status));
  return known == known_.end() ? nullptr : &known->second;
}

void ListedFolders::add(const struct ::stat& status, std::vector<std::string> names,
                        evidence::Seconds now) {
  const auto settled = status.st_ctim.tv_sec + kSettlingSeconds;
  if (is_made_up(status) || settled >= now.time_since_epoch().count()) return;
  if (names.size() > kMaxNames || known_.size() >= kMaxFolders) return;
  known_.insert_or_assign(key_of(status), std::move(names));
}

}  // namespace assay::agent
