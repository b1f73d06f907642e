// The records of /var/log/wtmp and /var/log/lastlog, as glibc writes them.
//
// The size of a record differs by machine: where times stay 32 bits for old programs (x86,
// POWER, …) and where they have 64 (ARM). Little-endian machines only. Pure; any thread.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>

#include "evidence/result.h"

namespace assay::agent {

// Sizes of one record in bytes.
struct UtmpLayout {
  std::size_t utmp = 384;
  std::size_t lastlog = 292;
  bool operator==(const UtmpLayout&) const = default;
};
inline constexpr UtmpLayout kShortTimes{};
inline constexpr UtmpLayout kLongTimes{400, 296};

inline constexpr std::int16_t kUserProcess = 7;  // a login

struct UtmpRecord {
  std::int16_t type = 0;
  std::string_view user;  // the three point into the bytes that were read
  std::string_view tty;
  std::string_view host;
  std::int64_t time = 0;  // Unix seconds
};

// Which layout the first records of a file have; absent when it is neither. An empty text has
// the first of them.
[[nodiscard]] std::optional<UtmpLayout> utmp_layout(std::string_view start);

// `bytes` is one record; kInvalidData when its type is none that there is.
[[nodiscard]] Result<UtmpRecord> read_utmp_record(std::string_view bytes, const UtmpLayout& layout);

// Which layout a lastlog of so many bytes has; `otherwise` when the size does not tell.
// kInvalidData when it is a multiple of neither.
[[nodiscard]] Result<UtmpLayout> lastlog_layout(std::uint64_t bytes, const UtmpLayout& otherwise);

// `bytes` is one record; absent when the account was never seen. The user is not in it.
[[nodiscard]] std::optional<UtmpRecord> read_lastlog_record(std::string_view bytes,
                                                            const UtmpLayout& layout);

}  // namespace assay::agent
