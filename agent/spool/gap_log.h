// Where evidence is missing, and why: gaps.jsonl, one JSON object per line:
//
//   {"at":"2026-11-21T01:02:03Z","kind":"no_space","detail":"…"}
//   {"at":…,"until":…,"kind":…,"detail":…,"count":12}    several, told as one
//
// A line that cannot be written now (the disk is full) is kept in memory and written with the
// next; the file has room for a few lines in advance, so that it is the last thing that a full
// disk stops. The file is bounded: when it has kMaxGapLines lines its older half becomes one line a
// kind, with the sum, the first and last time, and the words of the last. No gap is uncounted.
//
// Used by one thread at a time.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "agent/state/disk.h"
#include "evidence/timestamp.h"

namespace assay::agent {

enum class GapKind {
  kNoSpace,     // a scan could not be spooled: bound or disk full
  kScanFailed,  // a scan did not come to an end
  kNetwork,     // the network was not looked at as the settings ask
  kSetAside,    // the collector refused a snapshot for good
  kDamaged,     // a file of the spool was missing or had other bytes than its digest
};
[[nodiscard]] std::string_view name_of(GapKind kind);
// The kind of a line that cannot be understood: something was lost there, and nobody knows what.
inline constexpr std::string_view kUnreadableGap = "unreadable";

inline constexpr std::size_t kMaxGapLines = 256;
inline constexpr std::size_t kMaxGapDetailBytes = 512;  // longer ones are cut
inline constexpr std::size_t kMaxGapFileBytes = 2U << 20U;

struct Gap {
  std::optional<evidence::Seconds> since;  // nullopt: not known
  std::optional<evidence::Seconds> until;
  std::string kind;
  std::string detail;
  std::int64_t count = 1;
  bool operator==(const Gap&) const = default;
};

// Oldest first; none when there is no such file.
[[nodiscard]] Result<std::vector<Gap>> read_gaps(const std::string& path);

class GapLog {
 public:
  GapLog(std::string path, Disk* disk);

  // Makes the file and its room while there is some.
  void prepare();
  void add(GapKind kind, evidence::Seconds when, std::string_view detail);
  // Tries again to write what could not be written. True when nothing is left over.
  bool flush();

  // All gaps ever: those in the file and those still in memory.
  [[nodiscard]] std::int64_t count() const;

 private:
  void compact();

  std::string path_;
  Disk* disk_;
  std::int64_t written_ = 0;
  std::size_t lines_ = 0;
  std::vector<Gap> unwritten_;
};

}  // namespace assay::agent
