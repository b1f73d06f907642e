// The names in folders that one scan has listed: several probes read the same ones. A folder that
// has changed since is not answered from here; one that changed in the last seconds, which could
// change once more without a sign, and those of file systems that the kernel makes up, whose status
// does not tell, never are. Bounded.
//
// Used by one thread at a time.
#pragma once

#include <array>
#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "agent/host/file_status.h"

namespace assay::agent {

class ListedFolders {
 public:
  // nullptr: not known.
  [[nodiscard]] const std::vector<std::string>* find(const FileStatus& status) const;
  // `status` is the folder's, taken before it was listed at `now`.
  void add(const FileStatus& status, std::vector<std::string> names, evidence::Seconds now);
  void clear() { known_.clear(); }

 private:
  // Device, inode, and the times of change in nanoseconds.
  using Key = std::array<std::uint64_t, 4>;
  [[nodiscard]] static Key key_of(const FileStatus& status);

  std::map<Key, std::vector<std::string>> known_;
};

}  // namespace assay::agent
