#include "agent/probes/linux/accounts/password_policy/storage_rows.h"

#include <fmt/format.h>

#include <algorithm>

#include "agent/probes/linux/accounts/password_policy/pwhistory_conf.h"
#include "agent/probes/linux/accounts/password_policy/unix_arguments.h"

namespace assay::agent {
namespace {

// pam_unix's own history: remember= on the line that sets the password.
std::optional<Number> unix_history(const PasswordStack& stack) {
  if (!stack.setter) return std::nullopt;
  const auto text = stack.setter->argument("remember");
  const auto count = text ? leading_number(*text).value_or(0) : 0;
  if (count <= 0) return std::nullopt;
  return Number{std::min<std::int64_t>(count, 400), stack.setter->where};
}

struct History {
  Number remember;
  bool covers_root = false;
  std::string inert_file;  // for people: a pwhistory.conf that the module does not read
};

Result<History> pwhistory_of(Host& host, const PamEntry& entry, const PamModules& modules) {
  const auto written = find_pwhistory_remember(host);
  if (!written) return fail(written.error());
  std::optional<bool> reads_file;
  if (*written || entry.argument("conf")) {
    const auto mentions = modules.mentions(host, entry, "pwhistory.conf");
    if (!mentions) return fail(mentions.error());
    reads_file = *mentions;
  }
  const auto settings = read_pwhistory(host, entry, reads_file.value_or(true));
  if (!settings) return fail(settings.error());
  History history{.remember = settings->remember,
                  .covers_root = settings->enforce_for_root.value != 0,
                  .inert_file = {}};
  if (*written && reads_file == false) {
    history.inert_file = fmt::format(
        "remember at {} has no effect: the installed pam_pwhistory does not read this file",
        (*written)->text());
  }
  return history;
}

Result<PolicyRow> without_pwhistory(Host& host, const PasswordStack& stack) {
  PolicyRow row = absent("remember", 0);
  if (const auto own = unix_history(stack)) {
    row = in_force("remember", *own, stack.setter->where);
    row.note("enforced by pam_unix, not for root");
  }
  const auto* guard = stack.any("pam_pwhistory");
  if (guard != nullptr) row.note(guard->why_not);
  const auto written = find_pwhistory_remember(host);
  if (!written) return fail(written.error());
  if (*written) {
    row.note(fmt::format("remember at {} has no effect: pam_pwhistory is not in force",
                         (*written)->text()));
  }
  return row;
}

}  // namespace

Result<PolicyRow> hash_row(Host& host, const PasswordStack& stack) {
  if (!stack.setter) return unknown("hash", std::string(kNoSetter));
  const auto hash = unix_hash(host, *stack.setter);
  if (!hash) return fail(hash.error());
  auto row = in_force("hash", {0, hash->where}, stack.setter->where);
  row.value.reset();
  row.text = hash->algorithm;
  return row.note(hash->note);
}

Result<PolicyRow> remember_row(Host& host, const PasswordStack& stack, const PamModules& modules) {
  const auto* guard = stack.in_force("pam_pwhistory");
  if (guard == nullptr && !stack.setter) return unknown("remember", std::string(kNoSetter));
  if (guard == nullptr) return without_pwhistory(host, stack);
  const auto history = pwhistory_of(host, guard->entry, modules);
  if (!history) return fail(history.error());
  auto number = history->remember;
  const auto own = unix_history(stack);
  if (own && own->value > number.value) number = *own;
  auto row = in_force("remember", number, guard->entry.where);
  if (number.value == 0) {
    row.is_enforced = false;
    row.note("remember=0 switches pam_pwhistory off");
  } else if (!history->covers_root) {
    row.note("not for root (no enforce_for_root)");
  }
  return row.note(history->inert_file).not_for_all(guard->can_skip);
}

}  // namespace assay::agent
