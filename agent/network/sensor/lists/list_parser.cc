#include "agent/network/sensor/lists/list_parser.h"

#include <charconv>
#include <chrono>

#include "agent/network/sensor/lists/list_text.h"
#include "evidence/timestamp.h"

namespace assay::agent::sensor {
namespace {

bool is_digit(char each) {
  return each >= '0' && each <= '9';
}

// 2026-11-20 at `at`.
bool is_date(std::string_view text, std::size_t at) {
  constexpr std::string_view kShape = "dddd-dd-dd";
  if (text.size() - at < kShape.size()) return false;
  for (std::size_t each = 0; each < kShape.size(); ++each)
    if (kShape[each] == 'd' ? !is_digit(text[at + each]) : text[at + each] != '-') return false;
  return true;
}

}  // namespace

std::string date_in(std::string_view text) {
  for (std::size_t at = 0; at < text.size(); ++at)
    if (is_date(text, at)) return std::string(text.substr(at, 10));
  // MISP: seconds since 1970, nothing else.
  std::int64_t seconds = 0;
  const auto read = std::from_chars(text.data(), text.data() + text.size(), seconds);
  if (text.size() != 10 || read.ec != std::errc() || read.ptr != text.data() + text.size() ||
      seconds <= 0)
    return {};
  return evidence::to_date(evidence::Seconds(std::chrono::seconds(seconds)));
}

Result<ParsedList> parse_block_list(std::string_view text) {
  if (text.size() > kMaxListBytes) return fail(Code::kTooLarge, "a block list has at most 128 MiB");
  if (text.starts_with("\xef\xbb\xbf")) text.remove_prefix(3);
  ParsedList list;
  if (looks_like_json(text)) {
    if (auto read = parse_json(text, &list); !read) return fail(read.error());
  } else if (looks_like_csv(text)) {
    parse_csv(text, &list);
  } else if (looks_like_zone(text)) {
    parse_zone(text, &list);
  } else {
    parse_lines(text, &list);
  }
  if (list.entries.size() > kMaxListEntries)
    return fail(Code::kTooLarge, "a block list has at most 2,000,000 entries");
  // A list of hashes alone is one, too, and has nothing for us.
  if (list.entries.empty() && list.reasons.contains(kNotUnderstood))
    return fail(Code::kInvalidData, "no line is understood; the first is line " +
                                        std::to_string(list.first_not_understood));
  return list;
}

}  // namespace assay::agent::sensor
