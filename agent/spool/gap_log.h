// Where evidence is missing, and why: gaps.jsonl, one JSON object per line, only
// ever appended to. A line that cannot be written now (the disk is full) is kept in memory and
// written with the next.
//
// Used by one thread at a time.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "agent/state/disk.h"
#include "evidence/timestamp.h"

namespace assay::agent {

enum class GapKind {
  kNoSpace,     // a scan could not be spooled: bound or disk full
  kScanFailed,  // a scan did not come to an end
  kSetAside,    // the collector refused a snapshot for good
  kDamaged,     // a file of the spool was missing or had other bytes than its digest
};
[[nodiscard]] std::string_view name_of(GapKind kind);

class GapLog {
 public:
  GapLog(std::string path, Disk* disk);

  void add(GapKind kind, evidence::Seconds when, std::string_view detail);
  // Tries again to write what could not be written. True when nothing is left over.
  bool flush();

  // All gaps ever: those in the file and those still in memory.
  [[nodiscard]] std::int64_t count() const { return written_ + std::ssize(unwritten_); }

 private:
  std::string path_;
  Disk* disk_;
  std::int64_t written_ = 0;
  std::vector<std::string> unwritten_;
};

}  // namespace assay::agent
