#include "agent/probes/linux/accounts/password_policy/no_pam_rows.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <string>

#include "agent/probes/linux/accounts/password_policy/login_defs.h"

namespace assay::agent {
namespace {

constexpr std::array<std::string_view, 12> kQualitySettings = {
    "minclass",  "dcredit", "ucredit",   "lcredit",      "ocredit",          "dictcheck",
    "usercheck", "difok",   "maxrepeat", "enforce_root", "classes_required", "remember"};
constexpr std::string_view kNothingJudges = "there is no PAM: nothing judges new passwords by this";

void add_absent(std::vector<PolicyRow>& rows) {
  for (const auto setting : kQualitySettings)
    rows.push_back(absent(std::string(setting), 0).note(std::string(kNothingJudges)));
}

std::vector<PolicyRow> busybox_rows() {
  std::vector<PolicyRow> rows;
  rows.push_back(absent("minlen", 0)
                     .note("busybox's passwd: no length can be set; a short one built in (6 as "
                           "busybox is delivered) "
                           "holds for others than root"));
  rows.push_back(unknown("hash", "busybox's passwd: the hash is built in, no file tells which"));
  add_absent(rows);
  return rows;
}

// The shadow programs read themselves what PAM would otherwise decide.
std::vector<PolicyRow> shadow_rows(const std::vector<FileSetting>& lines, const LoginDefs& defs) {
  constexpr std::string_view kReader = "read by shadow's passwd, which is built without PAM";
  std::vector<PolicyRow> rows;
  Number length{0, {}};
  for (const auto& line : lines)
    if (line.name == "PASS_MIN_LEN") length = {leading_number(line.value).value_or(0), line.where};
  rows.push_back(length.where ? in_force("minlen", length, *length.where) : absent("minlen", 0));
  rows.back().note(std::string(kReader));
  if (const auto& method = defs.encrypt_method) {
    rows.push_back(in_force("hash", {0, method->where}, method->where));
    rows.back().value.reset();
    rows.back().text = method->value;
    std::ranges::transform(*rows.back().text, rows.back().text->begin(),
                           [](char c) { return c >= 'A' && c <= 'Z' ? char(c + 32) : c; });
  } else {
    rows.push_back(unknown("hash", "no ENCRYPT_METHOD: shadow's passwd has one built in"));
  }
  add_absent(rows);
  return rows;
}

}  // namespace

bool is_busybox(Host& host, std::string_view program) {
  for (const auto folder : {"/usr/bin", "/bin"}) {
    const auto target = host.read_link(fmt::format("{}/{}", folder, program));
    // Alpine starts those that need root through a small program of its own.
    if (target && (target->ends_with("busybox") || target->ends_with("bbsuid"))) return true;
  }
  return false;
}

Result<std::vector<PolicyRow>> password_rows_without_pam(Host& host) {
  if (is_busybox(host, "passwd")) return busybox_rows();
  const auto lines = read_login_defs_lines(host);
  if (!lines) return fail(lines.error());
  if (lines->empty())
    return fail(Code::kNotFound, "no PAM configuration, no busybox passwd and no login.defs");
  const auto defs = read_login_defs(host);
  if (!defs) return fail(defs.error());
  return shadow_rows(*lines, *defs);
}

std::vector<PolicyRow> login_rows_without_pam(Host& host) {
  const std::string program = is_busybox(host, "login") ? "busybox's login" : "login without PAM";
  std::vector<PolicyRow> rows = {absent("lockout_deny", 0), absent("lockout_unlock_time", {}),
                                 absent("lockout_fail_interval", {})};
  for (auto& row : rows) row.note(program + " locks no account after failed logins");
  PolicyRow empty{.setting = "nullok", .value = 1, .is_enforced = true, .origin = "default"};
  rows.push_back(empty.note(program + " lets accounts without a password in"));
  return rows;
}

}  // namespace assay::agent
