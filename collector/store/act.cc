#include "collector/store/act.h"

#include <algorithm>

#include "evidence/refusal.h"

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
    return refuse(Code::kUsage, {"hosts: more than {}", "hosts：超過 {} 部"}, kMaxRecordHosts);
  if (groups.size() > kMaxRecordGroups)
    return refuse(Code::kUsage, {"groups: more than {}", "groups：超過 {} 個"}, kMaxRecordGroups);
  for (const auto& group : groups) {
    const bool is_plain = std::ranges::none_of(group, [](char letter) {
      return static_cast<unsigned char>(letter) < 0x20 || letter == 0x7f || letter == ',';
    });
    if (group.empty() || group.size() > kMaxGroupNameBytes || !is_plain)
      return refuse(Code::kUsage,
                    {"groups: \"{}\" is no name of a group", "groups：「{}」不能作為群組名稱"},
                    group.substr(0, 40));
  }
  return {};
}

Status check_text(std::string_view field, std::string_view text, std::size_t most) {
  if (text.find_first_not_of(kSpaces) == std::string_view::npos)
    return refuse(Code::kUsage, {"{}: is missing", "{}：未填寫"}, field);
  if (text.size() > most)
    return refuse(Code::kUsage, {"{}: longer than {} bytes", "{}：超過 {} 位元組"}, field, most);
  if (text.find('\0') != std::string_view::npos)
    return refuse(Code::kUsage, {"{}: holds a NUL byte", "{}：含有 NUL 位元組"}, field);
  return {};
}

Status check_until(std::string_view until, evidence::Seconds first, int most_days) {
  const auto last = evidence::from_date(until);
  if (!last)
    return refuse(
        Code::kUsage,
        {"until: \"{}\" is no day; write 2026-12-31", "until：「{}」不是日期；請寫成 2026-12-31"},
        until.substr(0, 40));
  if (!holds_until(until, first))
    return refuse(Code::kUsage, {"until: {} has passed", "until：{} 已過"}, until);
  const auto latest = evidence::to_date(first + std::chrono::days(most_days));
  if (until > latest)
    return refuse(Code::kUsage,
                  {"until: {} is too far ahead; {} at the latest ({} days)",
                   "until：{} 太遠；最晚為 {}（{} 天）"},
                  until, latest, most_days);
  return {};
}

}  // namespace assay::collector
