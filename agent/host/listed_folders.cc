#include "agent/host/listed_folders.h"

namespace assay::agent {
namespace {

constexpr std::size_t kMaxFolders = 512;
constexpr std::size_t kMaxNames = 1'000;  // of one folder

// The kernel's own say 0, and have no times that mean anything.
bool is_made_up(const FileStatus& status) {
  return status.size_bytes == 0;
}

}  // namespace

ListedFolders::Key ListedFolders::key_of(const FileStatus& status) {
  return {status.device, status.inode, static_cast<std::uint64_t>(status.modified_ns),
          static_cast<std::uint64_t>(status.changed_ns)};
}

const std::vector<std::string>* ListedFolders::find(const FileStatus& status) const {
  if (is_made_up(status)) return nullptr;
  const auto known = known_.find(key_of(status));
  return known == known_.end() ? nullptr : &known->second;
}

void ListedFolders::add(const FileStatus& status, std::vector<std::string> names,
                        evidence::Seconds now) {
  if (is_made_up(status) || !has_settled(status.changed_ns, now)) return;
  if (names.size() > kMaxNames || known_.size() >= kMaxFolders) return;
  known_.insert_or_assign(key_of(status), std::move(names));
}

}  // namespace assay::agent
