#include "agent/probes/linux/accounts/account_files.h"

#include <algorithm>

#include "agent/probes/linux/text/cells.h"
#include "agent/probes/linux/text/lines.h"

namespace assay::agent {
namespace {

constexpr std::size_t kMaxAccountFileBytes = 16U << 20U;
constexpr std::size_t kPasswdFields = 7;
constexpr std::size_t kGroupFields = 4;
constexpr std::size_t kShadowFields = 9;

std::vector<std::string_view> split(std::string_view text, char separator) {
  std::vector<std::string_view> parts;
  for (;;) {
    const auto at = text.find(separator);
    parts.push_back(text.substr(0, at));
    if (at == std::string_view::npos) return parts;
    text.remove_prefix(at + 1);
  }
}

std::unexpected<Error> broken(const Lines& lines, std::string_view why) {
  return fail(Code::kInvalidData,
              "line " + std::to_string(lines.number()).append(": ").append(why));
}

// The fields of the next account; empty at the end.
Result<std::vector<std::string_view>> next_account(Lines& lines, std::size_t fields) {
  while (const auto line = lines.next()) {
    if (trimmed(*line).empty() || line->starts_with('#') || line->starts_with('+') ||
        line->starts_with('-'))
      continue;
    auto parts = split(*line, ':');
    if (parts.size() != fields)
      return broken(lines, std::to_string(fields) + " fields are expected, not " +
                               std::to_string(parts.size()));
    if (parts[0].empty()) return broken(lines, "an account without a name");
    return parts;
  }
  return std::vector<std::string_view>();
}

// Nothing for an empty or negative field; false when it is no number at all.
bool read_days(std::string_view field, std::optional<std::int64_t>& days) {
  if (field.empty()) return true;
  const auto number = decimal(field);
  if (number && *number >= 0) days = number;
  return number.has_value();
}

bool is_word(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' ||
         c == '-';
}

bool is_in_des_alphabet(std::string_view text) {
  return std::ranges::all_of(
      text, [](char c) { return (is_word(c) && c != '_' && c != '-') || c == '.' || c == '/'; });
}

// Old hashes bear no mark; their form tells: two letters of salt and eleven for every eight letters
// of the password (one piece: crypt(3); more: bigcrypt of pam_unix), or "_" and nineteen (BSDi).
std::string unmarked_algorithm(std::string_view hash) {
  constexpr std::size_t kSalt = 2;
  constexpr std::size_t kPiece = 11;
  constexpr std::size_t kBsdi = 20;
  if (hash.size() == kBsdi && hash.starts_with('_') && is_in_des_alphabet(hash.substr(1)))
    return "bsdi";
  const bool is_des = hash.size() >= kSalt + kPiece && (hash.size() - kSalt) % kPiece == 0;
  return is_des && is_in_des_alphabet(hash) ? "des" : "";
}

// Longer than any mark of crypt(5). A field that was mangled by hand may have a piece of the hash,
// or of the password, in the mark's place, and that must not get into the evidence.
constexpr std::size_t kMaxMarkBytes = 8;

// What stands between the first two "$"; ends earlier at a parameter: "$md5,rounds=…". "des" and
// "bsdi" of hashes that have no mark.
std::string hash_mark(std::string_view hash) {
  if (!hash.starts_with('$')) return unmarked_algorithm(hash);
  hash.remove_prefix(1);
  std::size_t end = 0;
  while (end < hash.size() && is_word(hash[end])) ++end;
  if (end == hash.size() || end > kMaxMarkBytes) return {};
  return std::string(hash.substr(0, end));
}

template <typename Entries>
Result<Entries> read_accounts(Host& host, std::string_view path,
                              Result<Entries> (*parse)(std::string_view)) {
  const auto text = host.read_file(path, kMaxAccountFileBytes);
  if (!text) return fail(text.error());
  auto entries = parse(*text);
  if (!entries) return fail(entries.error().within(std::string("reading ").append(path)));
  return entries;
}

}  // namespace

PasswordState password_state(std::string_view field) {
  if (field.empty()) return {"empty", {}};
  if (field == "!!") return {"not_set", {}};
  // A traditional hash may begin with an "x", which stands for shadow only when it stands alone.
  const bool is_locked = field[0] == '!' || field[0] == '*' || field == "x";
  if (!is_locked) return {"active", hash_mark(field)};
  const auto hash = field.find_first_not_of("!*");
  return {"locked", hash == std::string_view::npos ? std::string() : hash_mark(field.substr(hash))};
}

Result<std::vector<PasswdEntry>> parse_passwd(std::string_view text) {
  std::vector<PasswdEntry> entries;
  Lines lines(text);
  for (;;) {
    const auto fields = next_account(lines, kPasswdFields);
    if (!fields) return fail(fields.error());
    if (fields->empty()) return entries;
    const auto& field = *fields;
    const auto uid = decimal<std::uint32_t>(field[2]);
    const auto gid = decimal<std::uint32_t>(field[3]);
    if (!uid || !gid) return broken(lines, "the user or group ID is no number");
    auto& entry = entries.emplace_back(PasswdEntry{std::string(field[0]),
                                                   *uid,
                                                   *gid,
                                                   std::string(field[4]),
                                                   std::string(field[5]),
                                                   std::string(field[6]),
                                                   {}});
    if (field[1] != "x") entry.own_password = password_state(field[1]);
  }
}

Result<std::vector<GroupEntry>> parse_group(std::string_view text) {
  std::vector<GroupEntry> entries;
  Lines lines(text);
  for (;;) {
    const auto fields = next_account(lines, kGroupFields);
    if (!fields) return fail(fields.error());
    if (fields->empty()) return entries;
    const auto& field = *fields;
    const auto gid = decimal<std::uint32_t>(field[2]);
    if (!gid) return broken(lines, "the group ID is no number");
    auto& entry = entries.emplace_back(GroupEntry{std::string(field[0]), *gid, {}});
    for (const auto member : split(field[3], ','))
      if (!trimmed(member).empty()) entry.members.emplace_back(trimmed(member));
  }
}

Result<std::vector<ShadowEntry>> parse_shadow(std::string_view text) {
  std::vector<ShadowEntry> entries;
  Lines lines(text);
  for (;;) {
    const auto fields = next_account(lines, kShadowFields);
    if (!fields) return fail(fields.error());
    if (fields->empty()) return entries;
    const auto& field = *fields;
    ShadowEntry entry{.name = std::string(field[0]), .password = password_state(field[1])};
    const bool is_good = read_days(field[2], entry.last_change) && read_days(field[3], entry.min) &&
                         read_days(field[4], entry.max) && read_days(field[5], entry.warning) &&
                         read_days(field[6], entry.inactive) && read_days(field[7], entry.expire) &&
                         read_days(field[8], entry.flag);
    if (!is_good) return broken(lines, "a field that should be a number is none");
    entries.push_back(std::move(entry));
  }
}

Result<std::vector<PasswdEntry>> read_passwd(Host& host) {
  return read_accounts(host, "/etc/passwd", parse_passwd);
}
Result<std::vector<GroupEntry>> read_group(Host& host) {
  return read_accounts(host, "/etc/group", parse_group);
}
Result<std::vector<ShadowEntry>> read_shadow(Host& host) {
  return read_accounts(host, "/etc/shadow", parse_shadow);
}

}  // namespace assay::agent
