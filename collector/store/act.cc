#include "collector/store/act.h"

#include <algorithm>

namespace assay::collector {
namespace {

constexpr std::string_view kSpaces = " \t\r\n";

std::string plain_name(std::string_view name) {
  const auto begin = name.find_first_not_of(kSpaces);
  if (begin == std::string_view::npos) return {};
  std::string plain(name.substr(begin, name.find_last_not_of(kSpaces) + 1 - begin));
  std::ranges::transform(plain, plain.begin(), [](char letter) {
    return letter >= 'A' && letter <= 'Z' ? static_cast<char>(letter - 'A' + 'a') : letter;
  });
  return plain;
}

}  // namespace

bool is_same_person(const Actor& one, const Actor& other) {
  return one.token_id == other.token_id || plain_name(one.name) == plain_name(other.name);
}

Status check_scope(const std::vector<std::string>& hosts, const std::vector<std::string>& groups) {
  if (hosts.size() > kMaxRecordHosts)
    return fail(Code::kUsage, "hosts: more than " + std::to_string(kMaxRecordHosts));
  if (groups.size() > kMaxRecordGroups)
    return fail(Code::kUsage, "groups: more than " + std::to_string(kMaxRecordGroups));
  for (const auto& group : groups) {
    const bool is_plain = std::ranges::none_of(group, [](char letter) {
      return static_cast<unsigned char>(letter) < 0x20 || letter == 0x7f || letter == ',';
    });
    if (group.empty() || group.size() > kMaxGroupNameBytes || !is_plain)
      return fail(Code::kUsage, "groups: \"" + group.substr(0, 40) + "\" is no name of a group");
  }
  return {};
}

Status check_text(std::string_view field, std::string_view text, std::size_t most) {
  if (text.find_first_not_of(kSpaces) == std::string_view::npos)
    return fail(Code::kUsage, std::string(field) + ": is missing");
  if (text.size() > most)
    return fail(Code::kUsage,
                std::string(field) + ": longer than " + std::to_string(most) + " bytes");
  if (text.find('\0') != std::string_view::npos)
    return fail(Code::kUsage, std::string(field) + ": holds a NUL byte");
  return {};
}

Status check_until(std::string_view until, evidence::Seconds first, int most_days) {
  const auto last = evidence::from_date(until);
  if (!last)
    return fail(Code::kUsage,
                "until: \"" + std::string(until.substr(0, 40)) + "\" is no day; write 2026-12-31");
  if (!holds_until(until, first))
    return fail(Code::kUsage, "until: " + std::string(until) + " has passed");
  const auto latest = evidence::to_date(first + std::chrono::days(most_days));
  if (until > latest)
    return fail(Code::kUsage, "until: " + std::string(until) + " is too far ahead; " + latest +
                                  " at the latest (" + std::to_string(most_days) + " days)");
  return {};
}

}  // namespace assay::collector
