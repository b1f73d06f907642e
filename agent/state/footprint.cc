#include "agent/state/footprint.h"

#include <malloc.h>
#include <sys/mman.h>

#include <cinttypes>
#include <cstdint>
#include <cstdio>
#include <fstream>
#include <string>
#include <vector>

namespace assay::agent {

namespace {

struct Range {
  std::uintptr_t begin = 0;
  std::uintptr_t end = 0;
};

// Private, executable, not writable, of a file: text as it is on the disk. Position-independent
// code is never relocated in place, so nothing in these pages can be lost.
std::vector<Range> text_ranges() {
  std::vector<Range> ranges;
  std::ifstream maps("/proc/self/maps");
  for (std::string line; std::getline(maps, line);) {
    Range range;
    char permissions[5] = "";
    std::uintptr_t inode = 0;
    if (std::sscanf(line.c_str(), "%" SCNxPTR "-%" SCNxPTR " %4s %*s %*s %" SCNuPTR, &range.begin,
                    &range.end, permissions, &inode) == 4 &&
        inode != 0 && std::string(permissions) == "r-xp")
      ranges.push_back(range);
  }
  return ranges;
}

}  // namespace

void shrink_footprint() {
  (void)::malloc_trim(0);  // 0 means that there was nothing to return
  for (const auto& range : text_ranges())
    (void)::madvise(reinterpret_cast<void*>(range.begin), range.end - range.begin,
                    MADV_DONTNEED);  // a refusal leaves everything as it is
}

}  // namespace assay::agent
