#include "agent/probes/linux/accounts/password_policy/quality_rows.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "agent/probes/linux/accounts/password_policy/passwdqc_conf.h"
#include "agent/probes/linux/accounts/password_policy/pwquality_conf.h"
#include "agent/probes/linux/accounts/password_policy/unix_arguments.h"

namespace assay::agent {
namespace {

// Rows that are a plain setting of pam_pwquality.
constexpr std::array<std::string_view, 9> kPlain = {"minclass",  "dcredit", "ucredit",
                                                    "lcredit",   "ocredit", "dictcheck",
                                                    "usercheck", "difok",   "maxrepeat"};
constexpr std::array<std::string_view, 4> kCredits = {"dcredit", "ucredit", "lcredit", "ocredit"};

// One quality module in force, or why there is none.
struct Findings {
  const Guard* guard = nullptr;
  QualitySettings settings;  // of that module
  QualitySettings files;     // pwquality.conf, whether it is read or not
  std::string why_not;       // why a quality module on the stack does not count
};

std::string inert_note(const Findings& found, std::string_view name) {
  const auto& where = found.files.where(name);
  if (!where) return {};
  return fmt::format(
      "{}={} at {} has no effect: {}", name, found.files.value(name), where->text(),
      found.why_not.empty() ? "pam_pwquality is not on the password stack" : found.why_not);
}

void add_guard_notes(PolicyRow& row, const Findings& found) {
  row.not_for_all(found.guard->can_skip);
  for (const auto& problem : found.settings.problems) row.note(problem);
  if (found.settings.value("local_users_only") != 0) {
    row.note("only accounts of /etc/passwd are checked (local_users_only)");
  }
}

std::string credits_text(const QualitySettings& settings) {
  std::string text;
  for (const auto name : kCredits) {
    if (settings.value(name) == 0) continue;
    text += fmt::format("{}{}={}", text.empty() ? "" : " ", name, settings.value(name));
  }
  return text;
}

// The length with only pam_unix in the way.
Result<PolicyRow> unix_length(Host& host, const PasswordStack& stack) {
  if (!stack.setter) {
    return unknown("minlen", std::string(kNoSetter));
  }
  const auto number = unix_minlen(host, *stack.setter);
  if (!number) return fail(number.error());
  if (number->value == 0 && !number->where) {
    auto row = absent("minlen", 0);
    return row.note("pam_unix alone accepts a password of any length");
  }
  auto row = in_force("minlen", *number, stack.setter->where);
  row.note(number->where ? "enforced by pam_unix" : "built into pam_unix");
  return row.note("root may set a shorter one");
}

Result<PolicyRow> length_without_quality(Host& host, const PasswordStack& stack,
                                         const Findings& found) {
  auto row = unix_length(host, stack);
  if (!row || !row->is_enforced) return row;
  if (found.files.where("minlen")) {
    row->note(inert_note(found, "minlen"));
    // What is written is not what is enforced, unless pam_unix was told a length of its own.
    if (row->origin != "configured") row->is_enforced = false;
  } else {
    row->note(found.why_not);
  }
  return row;
}

// pam_unix has its own say behind a quality module: the longer of the two is what passes.
Result<PolicyRow> longer_by_unix(Host& host, const PasswordStack& stack, PolicyRow row,
                                 const Guard& guard) {
  if (!stack.setter || !row.value) return row;
  const auto own = unix_minlen(host, *stack.setter);
  if (!own) return fail(own.error());
  if (own->value <= *row.value) return row;
  auto longer = in_force("minlen", *own, stack.setter->where);
  return longer.note(
      fmt::format("pam_unix demands more than {} ({})", guard.entry.module, *row.value));
}

Result<PolicyRow> length_with_quality(Host& host, const PasswordStack& stack,
                                      const Findings& found) {
  const auto& settings = found.settings;
  const auto written = settings.value("minlen");
  auto number = settings.numbers.at("minlen");
  number.value = shortest_accepted(settings);
  auto row = in_force("minlen", number, found.guard->entry.where);
  if (number.value != written) {
    row.note(
        fmt::format("minlen={} with {}dictcheck={}: the shortest password that passes has {} "
                    "characters",
                    written, credits_text(settings).empty() ? "" : credits_text(settings) + " ",
                    settings.value("dictcheck"), number.value));
  }
  add_guard_notes(row, found);
  return longer_by_unix(host, stack, std::move(row), *found.guard);
}

PolicyRow classes_row(const Findings& found) {
  const auto& settings = found.settings;
  Number number = settings.numbers.at("minclass");
  number.value = classes_required(settings);
  if (number.value > settings.value("minclass")) {
    for (const auto name : kCredits) {
      if (settings.value(name) < 0) number.where = settings.where(name);
    }
  }
  auto row = in_force("classes_required", number, found.guard->entry.where);
  row.note("the larger of minclass and the number of classes with a negative credit");
  add_guard_notes(row, found);
  return row;
}

std::vector<PolicyRow> rows_with_quality(const Findings& found) {
  std::vector<PolicyRow> rows;
  for (const auto name : kPlain) {
    rows.push_back(in_force(std::string(name), found.settings.numbers.at(std::string(name)),
                            found.guard->entry.where));
    add_guard_notes(rows.back(), found);
  }
  rows.push_back(classes_row(found));
  rows.push_back(in_force("enforce_root", found.settings.numbers.at("enforce_for_root"),
                          found.guard->entry.where));
  add_guard_notes(rows.back(), found);
  return rows;
}

std::vector<PolicyRow> rows_without_quality(const Findings& found, bool has_setter) {
  std::vector<PolicyRow> rows;
  const auto add = [&](std::string_view setting, std::string_view written_as) {
    if (!has_setter) {
      rows.push_back(unknown(std::string(setting), std::string(kNoSetter)));
      rows.back().note(found.why_not);
      return;
    }
    rows.push_back(absent(std::string(setting), 0));
    const auto note = inert_note(found, written_as);
    rows.back().note(note.empty() ? found.why_not : note);
  };
  for (const auto name : kPlain) add(name, name);
  add("classes_required", "minclass");
  add("enforce_root", "enforce_for_root");
  return rows;
}

Result<std::vector<PolicyRow>> passwdqc_rows(Host& host, const PasswordStack& stack,
                                             const Guard& guard) {
  const auto settings = read_passwdqc(host, guard.entry);
  if (!settings) return fail(settings.error());
  const auto& where = guard.entry.where;
  std::vector<PolicyRow> rows;
  if (const auto shortest = settings->shortest_accepted()) {
    rows.push_back(in_force("minlen", {*shortest, settings->min_where}, where));
    rows.back().note("pam_passwdqc: the shortest length of any kind of password it accepts");
  } else {
    rows.push_back(unknown("minlen", "pam_passwdqc accepts no password that a person chooses"));
  }
  rows.push_back(
      in_force("classes_required", {settings->classes_required(), settings->min_where}, where));
  rows.back().note("pam_passwdqc: the fewest classes with which a long enough password passes");
  rows.push_back(in_force(
      "enforce_root", {settings->enforce == "everyone" ? 1 : 0, settings->enforce_where}, where));
  for (const auto name : kPlain) {
    if (name == "dictcheck" || name == "usercheck") {
      rows.push_back(in_force(std::string(name),
                              {settings->match_length > 0 ? 1 : 0, settings->match_where}, where));
      rows.back().note(
          "pam_passwdqc: words and the account's own data are looked for unless match=0");
      continue;
    }
    rows.push_back(unknown(
        std::string(name),
        fmt::format("pam_passwdqc at {} judges by kinds of passwords; it has no such setting",
                    where.text())));
  }
  for (auto& row : rows) row.not_for_all(guard.can_skip);
  auto length = longer_by_unix(host, stack, std::move(rows.front()), guard);
  if (!length) return fail(length.error());
  rows.front() = std::move(*length);
  return rows;
}

// Whether a quality module on the stack has the last word; `found` is completed, or told why not.
Result<bool> judges(Host& host, const Guard& guard, Findings& found) {
  if (!guard.is_in_force) {
    found.why_not = guard.why_not;
    return false;
  }
  found.guard = &guard;
  if (guard.entry.module == "pam_passwdqc") {
    const auto settings = read_passwdqc(host, guard.entry);
    if (!settings) return fail(settings.error());
    if (settings->enforce == "none") found.why_not = "pam_passwdqc only warns (enforce=none)";
    return settings->enforce != "none";
  }
  found.settings = guard.entry.module == "pam_pwquality" ? found.files : cracklib_defaults();
  add_arguments(found.settings, guard.entry);
  if (found.settings.value("enforcing") != 0) return true;
  const auto where = found.settings.where("enforcing").value_or(guard.entry.where);
  found.why_not = fmt::format("pam_pwquality only warns: enforcing=0 at {}", where.text());
  return false;
}

// All quality modules in force, or one entry without a module that says why there is none.
Result<std::vector<Findings>> find_quality(Host& host, const PasswordStack& stack) {
  auto files = read_pwquality_conf(host);
  if (!files) return fail(files.error());
  Findings none;
  none.files = std::move(*files);
  std::vector<Findings> all;
  for (const auto& guard : stack.guards) {
    if (role_of(guard.entry) != ModuleRole::kQuality) continue;
    Findings found{.files = none.files};
    const auto is_judge = judges(host, guard, found);
    if (!is_judge) return fail(is_judge.error());
    if (*is_judge) all.push_back(std::move(found));
    if (!*is_judge) none.why_not = std::move(found.why_not);
  }
  if (all.empty()) all.push_back(std::move(none));
  return all;
}

Result<std::vector<PolicyRow>> rows_of(Host& host, const PasswordStack& stack,
                                       const Findings& found) {
  if (found.guard != nullptr && found.guard->entry.module == "pam_passwdqc") {
    return passwdqc_rows(host, stack, *found.guard);
  }
  auto length = found.guard == nullptr ? length_without_quality(host, stack, found)
                                       : length_with_quality(host, stack, found);
  if (!length) return fail(length.error());
  auto rows = found.guard == nullptr ? rows_without_quality(found, stack.setter.has_value())
                                     : rows_with_quality(found);
  rows.push_back(std::move(*length));
  return rows;
}

// A password has to please every module, so of what each demands the larger figure counts.
void keep_stricter(std::vector<PolicyRow>& rows, const std::vector<PolicyRow>& others) {
  for (const std::string_view setting : {"minlen", "classes_required", "enforce_root"}) {
    const auto row = std::ranges::find(rows, setting, &PolicyRow::setting);
    const auto other = std::ranges::find(others, setting, &PolicyRow::setting);
    if (row != rows.end() && other != others.end() && other->value > row->value) *row = *other;
  }
}

}  // namespace

Result<Number> unix_minlen(Host& host, const PamEntry& setter) {
  Number number;
  if (const auto text = setter.argument("minlen")) {
    number = {std::max<std::int64_t>(0, leading_number(*text).value_or(0)), setter.where};
  } else {
    // Debian and what comes from it build 6 into the module, the original has no limit.
    const auto debian = host.status("/etc/debian_version");
    if (!debian && debian.error().code() != Code::kNotFound) return fail(debian.error());
    if (debian) number.value = 6;
  }
  const auto hash = unix_hash(host, setter);
  if (!hash) return fail(hash.error());
  // The old hash cuts passwords off at 8 characters; the module then demands no more.
  if (hash->algorithm == "des") number.value = std::min<std::int64_t>(number.value, 8);
  return number;
}

Result<std::vector<PolicyRow>> quality_rows(Host& host, const PasswordStack& stack) {
  const auto all = find_quality(host, stack);
  if (!all) return fail(all.error());
  std::vector<PolicyRow> rows;
  for (const auto& found : *all) {
    auto own = rows_of(host, stack, found);
    if (!own) return own;
    if (rows.empty()) {
      rows = std::move(*own);
    } else {
      keep_stricter(rows, *own);
    }
  }
  return rows;
}

}  // namespace assay::agent
