#include "agent/probes/linux/accounts/password_policy/login_rows.h"

#include <fmt/format.h>

#include <algorithm>

#include "agent/probes/linux/accounts/password_policy/faillock_conf.h"
#include "agent/probes/linux/accounts/password_policy/unix_arguments.h"

namespace assay::agent {
namespace {

struct Lockout {
  const LoginStack* stack = nullptr;
  bool is_on = false;
  FaillockSettings settings;
  std::vector<std::string> notes;
};

FaillockSettings tally_settings(const PamEntry& entry) {
  FaillockSettings settings;
  settings.deny = {0, {}};
  settings.unlock_time = {0, {}};
  if (const auto text = entry.argument("deny")) {
    settings.deny = {leading_number(*text).value_or(0), entry.where};
  }
  if (const auto text = entry.argument("unlock_time")) {
    settings.unlock_time = {leading_number(*text).value_or(0), entry.where};
  }
  return settings;
}

// A module that cannot be looked into is taken for a recent one.
Result<bool> reads_conf(Host& host, const PamEntry& locker, const PamModules& modules) {
  const auto written = read_optional(host, kFaillockConf);
  if (!written) return fail(written.error());
  if (!*written) return true;
  const auto mentions = modules.mentions(host, locker, "faillock.conf");
  if (!mentions) return fail(mentions.error());
  return mentions->value_or(true);
}

Result<Lockout> lockout_of(Host& host, const LoginStack& stack, const PamModules& modules) {
  Lockout lockout{.stack = &stack, .settings = {}, .notes = {}};
  lockout.notes = {stack.why_no_lock, stack.lock_note};
  if (!stack.locker) return lockout;
  if (stack.locker->module != "pam_faillock") {
    lockout.settings = tally_settings(*stack.locker);
  } else {
    const auto reads_file = reads_conf(host, *stack.locker, modules);
    if (!reads_file) return fail(reads_file.error());
    auto settings = read_faillock(host, *stack.locker, *reads_file);
    if (!settings) return fail(settings.error());
    lockout.settings = std::move(*settings);
    for (const auto& problem : lockout.settings.problems) lockout.notes.push_back(problem);
    if (lockout.settings.even_deny_root.value == 0) {
      lockout.notes.emplace_back("root is never locked (no even_deny_root)");
    }
  }
  lockout.is_on = lockout.settings.deny.value > 0;
  if (!lockout.is_on) lockout.notes.emplace_back("deny=0 switches the lockout off");
  return lockout;
}

bool is_weaker(const Lockout& a, const Lockout& b) {
  if (a.is_on != b.is_on) return !a.is_on;
  return a.settings.deny.value > b.settings.deny.value;
}

std::string service_note(const std::vector<Lockout>& lockouts, const Lockout& weakest) {
  for (const auto& other : lockouts) {
    const bool is_same =
        other.is_on == weakest.is_on && other.settings.deny.value == weakest.settings.deny.value;
    if (is_same) continue;
    return fmt::format("as for service {}; {} is stricter", weakest.stack->service,
                       other.stack->service);
  }
  return {};
}

// Where a faillock.conf sets things that no module reads.
Result<std::string> inert_note(Host& host) {
  const auto written = read_faillock_conf(host);
  if (!written) return fail(written.error());
  if (!written->deny.where) return std::string();
  return fmt::format("deny={} at {} has no effect: pam_faillock is not in force",
                     written->deny.value, written->deny.where->text());
}

Result<std::vector<PolicyRow>> rows_without_lockout(Host& host, const Lockout& lockout) {
  std::vector<PolicyRow> rows = {absent("lockout_deny", 0), absent("lockout_unlock_time", {}),
                                 absent("lockout_fail_interval", {})};
  if (lockout.stack->locker) {
    rows[0].origin = lockout.settings.deny.where ? "configured" : "default";
    rows[0].where = lockout.settings.deny.where.value_or(lockout.stack->locker->where);
    return rows;
  }
  const auto inert = inert_note(host);
  if (!inert) return fail(inert.error());
  for (auto& row : rows) row.note(*inert);
  return rows;
}

std::vector<PolicyRow> rows_with_lockout(const Lockout& lockout) {
  const auto& locker = *lockout.stack->locker;
  std::vector<PolicyRow> rows = {
      in_force("lockout_deny", lockout.settings.deny, locker.where),
      in_force("lockout_unlock_time", lockout.settings.unlock_time, locker.where)};
  if (locker.module == "pam_faillock") {
    rows.push_back(in_force("lockout_fail_interval", lockout.settings.fail_interval, locker.where));
  } else {
    rows.push_back(unknown("lockout_fail_interval",
                           fmt::format("{} counts without a time limit", locker.module)));
  }
  return rows;
}

PolicyRow nullok_row(const std::vector<LoginStack>& services) {
  const LoginStack* checked = nullptr;
  for (const auto& service : services) {
    if (!service.unix) continue;
    if (checked == nullptr || accepts_empty_password(*service.unix)) checked = &service;
    if (accepts_empty_password(*checked->unix)) break;
  }
  if (checked == nullptr) return unknown("nullok", "no pam_unix checks passwords at login");
  const bool accepts = accepts_empty_password(*checked->unix);
  Number number{accepts ? 1 : 0, {}};
  if (accepts) number.where = checked->unix->where;
  return in_force("nullok", number, checked->unix->where);
}

std::vector<PolicyRow> unknown_rows(const LoginStack& service) {
  std::vector<PolicyRow> rows;
  for (const auto* setting :
       {"lockout_deny", "lockout_unlock_time", "lockout_fail_interval", "nullok"}) {
    rows.push_back(unknown(setting, fmt::format("{}: {}", service.service, service.why_unknown)));
  }
  return rows;
}

}  // namespace

Result<std::vector<PolicyRow>> login_rows(Host& host, const std::vector<LoginStack>& services,
                                          const PamModules& modules) {
  std::vector<Lockout> lockouts;
  for (const auto& service : services) {
    if (!service.why_unknown.empty()) return unknown_rows(service);
    auto lockout = lockout_of(host, service, modules);
    if (!lockout) return fail(lockout.error());
    lockouts.push_back(std::move(*lockout));
  }
  const auto weakest = std::ranges::min_element(lockouts, is_weaker);
  auto rows = weakest->is_on ? Result<std::vector<PolicyRow>>(rows_with_lockout(*weakest))
                             : rows_without_lockout(host, *weakest);
  if (!rows) return rows;
  for (auto& row : *rows) {
    for (const auto& note : weakest->notes) row.note(note);
    row.note(service_note(lockouts, *weakest)).note(domain_note(weakest->stack->auth));
  }
  rows->push_back(nullok_row(services));
  return rows;
}

}  // namespace assay::agent
