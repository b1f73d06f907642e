#include "agent/probes/linux/accounts/logins/utmp_records.h"

#include <algorithm>
#include <array>
#include <cstring>
#include <string>

namespace assay::agent {
namespace {

constexpr std::int16_t kLastType = 9;  // ACCOUNTING
constexpr std::size_t kTtyAt = 8;
constexpr std::size_t kUserAt = 44;
constexpr std::size_t kHostAt = 76;
constexpr std::size_t kNameBytes = 32;
constexpr std::size_t kHostBytes = 256;
constexpr std::size_t kShortTimeAt = 340;
constexpr std::size_t kLongTimeAt = 344;
constexpr std::size_t kExamined = 64;  // records that must look right

template <typename Number>
Number number_at(std::string_view bytes, std::size_t at) {
  Number value{};
  std::memcpy(&value, bytes.data() + at, sizeof value);
  return value;
}

std::string_view field(std::string_view bytes, std::size_t at, std::size_t size) {
  const auto text = bytes.substr(at, size);
  return text.substr(0, text.find('\0'));
}

// The type is followed by two bytes of padding, which writers leave zero.
bool looks_right(std::string_view record) {
  const auto type = number_at<std::int16_t>(record, 0);
  return type >= 0 && type <= kLastType && number_at<std::int16_t>(record, 2) == 0;
}

bool fits(std::string_view start, const UtmpLayout& layout) {
  const auto records = std::min(start.size() / layout.utmp, kExamined);
  for (std::size_t i = 0; i < records; ++i)
    if (!looks_right(start.substr(i * layout.utmp, layout.utmp))) return false;
  return records > 0;
}

}  // namespace

std::optional<UtmpLayout> utmp_layout(std::string_view start) {
  if (start.empty()) return kShortTimes;
  // One record fits both: what is in the time's place tells.
  for (const auto& layout : {kShortTimes, kLongTimes})
    if (start.size() % layout.utmp == 0 && fits(start, layout)) return layout;
  for (const auto& layout : {kShortTimes, kLongTimes})
    if (fits(start, layout)) return layout;
  return std::nullopt;
}

Result<UtmpRecord> read_utmp_record(std::string_view bytes, const UtmpLayout& layout) {
  if (bytes.size() != layout.utmp || !looks_right(bytes))
    return fail(Code::kInvalidData, "a record of a kind that there is not");
  return UtmpRecord{.type = number_at<std::int16_t>(bytes, 0),
                    .user = field(bytes, kUserAt, kNameBytes),
                    .tty = field(bytes, kTtyAt, kNameBytes),
                    .host = field(bytes, kHostAt, kHostBytes),
                    // Unsigned: the short time is read so by today's glibc and lasts until 2106.
                    .time = layout == kShortTimes
                                ? std::int64_t{number_at<std::uint32_t>(bytes, kShortTimeAt)}
                                : number_at<std::int64_t>(bytes, kLongTimeAt)};
}

Result<UtmpLayout> lastlog_layout(std::uint64_t bytes, const UtmpLayout& otherwise) {
  const bool is_short = bytes % kShortTimes.lastlog == 0;
  const bool is_long = bytes % kLongTimes.lastlog == 0;
  if (!is_short && !is_long)
    return fail(Code::kInvalidData,
                "the size, " + std::to_string(bytes) + " bytes, is no number of whole records");
  if (is_short && is_long) return otherwise;
  return is_short ? kShortTimes : kLongTimes;
}

std::optional<UtmpRecord> read_lastlog_record(std::string_view bytes, const UtmpLayout& layout) {
  if (bytes.size() != layout.lastlog) return std::nullopt;
  const bool is_short = layout == kShortTimes;
  const std::size_t tty_at = is_short ? sizeof(std::uint32_t) : sizeof(std::int64_t);
  const auto time = is_short ? std::int64_t{number_at<std::uint32_t>(bytes, 0)}
                             : number_at<std::int64_t>(bytes, 0);
  if (time == 0) return std::nullopt;
  return UtmpRecord{.type = kUserProcess,
                    .user = {},
                    .tty = field(bytes, tty_at, kNameBytes),
                    .host = field(bytes, tty_at + kNameBytes, kHostBytes),
                    .time = time};
}

}  // namespace assay::agent
