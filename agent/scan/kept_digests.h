// The digests of programs, kept between scans in the agent's own folder, so that
// an unchanged program is not read again. A lost or damaged file costs a scan
// that reads more, and nothing else. Used by one thread at a time.
#pragma once

#include <string>

#include "agent/host/digest_cache.h"
#include "agent/state/disk.h"
#include "agent/state/state_folder.h"

namespace assay::agent {

class KeptDigests {
 public:
  // Reads what is there; a folder or file that is not there is an empty cache.
  explicit KeptDigests(const StateFolder& state);

  [[nodiscard]] DigestCache& cache() { return cache_; }
  // Writes them if they changed. For the process that holds the folder's lock.
  [[nodiscard]] Status store(Disk& disk);

 private:
  std::string path_;
  std::string stored_;
  DigestCache cache_;
};

}  // namespace assay::agent
