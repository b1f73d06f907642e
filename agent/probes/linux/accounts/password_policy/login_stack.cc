#include "agent/probes/linux/accounts/password_policy/login_stack.h"

#include <fmt/format.h>

#include <algorithm>

#include "agent/probes/linux/accounts/password_policy/pam_walk.h"

namespace assay::agent {
namespace {

struct Situation {
  bool is_locked = false;
  bool is_password_right = true;
  bool is_expired = false;
};

class Login {
 public:
  Login(const PamStack& stack, const PamModules& modules, Situation situation)
      : stack_(stack), walk_(walk(stack, [&](std::size_t i) {
          return modules.is_installed(stack[i]) ? answer(stack[i], situation)
                                                : PamResult::kModuleUnknown;
        })) {}

  [[nodiscard]] bool is_granted() const { return walk_.is_granted; }

  // The first module that ran and for which `wanted` holds.
  template <typename Wanted>
  [[nodiscard]] const PamEntry* first(Wanted wanted) const {
    for (const auto i : walk_.called) {
      if (wanted(stack_[i])) return &stack_[i];
    }
    return nullptr;
  }

 private:
  static PamResult answer(const PamEntry& entry, const Situation& situation) {
    switch (role_of(entry)) {
      case ModuleRole::kDeny: return PamResult::kAuthErr;
      case ModuleRole::kPermit:
      case ModuleRole::kLocal: return PamResult::kSuccess;
      case ModuleRole::kDomain: return PamResult::kUserUnknown;
      case ModuleRole::kUnix:
        if (situation.is_expired) return PamResult::kNewAuthtokReqd;
        return situation.is_password_right ? PamResult::kSuccess : PamResult::kAuthErr;
      case ModuleRole::kLockout:
        if (situation.is_locked) return PamResult::kAuthErr;
        return entry.has_argument("authfail") ? PamResult::kIgnore : PamResult::kSuccess;
      case ModuleRole::kQuality:
      case ModuleRole::kHistory:
      case ModuleRole::kOther: break;
    }
    return ordinary_answer(entry, false);
  }

  const PamStack& stack_;
  PamWalk walk_;
};

bool is_faillock(const PamEntry& entry) {
  return entry.module == "pam_faillock";
}
bool is_locker(const PamEntry& entry) {
  return role_of(entry) == ModuleRole::kLockout;
}

void examine_lockout(LoginStack& result, const PamStack& account, const PamModules& modules) {
  const auto& auth = result.auth;
  const auto present = std::ranges::find_if(auth, is_locker);
  if (present == auth.end()) return;
  const Login locked(auth, modules, {.is_locked = true});
  const auto* locker = locked.first(is_locker);
  if (!modules.is_installed(*present)) {
    result.why_no_lock =
        fmt::format("{} at {} is not installed", present->module, present->where.text());
  } else if (locker == nullptr || locked.is_granted()) {
    result.why_no_lock = fmt::format(
        "{} at {} does not keep a locked account out: with the right password the stack still "
        "lets it in (pam_faillock needs preauth or authsucc)",
        present->module, present->where.text());
  } else if (is_faillock(*locker)) {
    const Login wrong(auth, modules, {.is_password_right = false});
    const bool is_counted = wrong.first([](const PamEntry& entry) {
      return is_faillock(entry) && entry.has_argument("authfail");
    }) != nullptr;
    if (!is_counted) {
      result.why_no_lock = fmt::format(
          "{} at {} finds nothing to count: no pam_faillock with authfail runs after a wrong "
          "password",
          locker->module, locker->where.text());
    }
  }
  if (!result.why_no_lock.empty()) return;
  result.locker = *locker;
  const bool is_reset = !is_faillock(*locker) || std::ranges::any_of(account, is_faillock) ||
                        std::ranges::any_of(auth, [](const PamEntry& entry) {
                          return is_faillock(entry) && entry.has_argument("authsucc");
                        });
  if (!is_reset) {
    result.lock_note =
        "a good login does not clear the count (no account line and no authsucc): failures that "
        "are not consecutive count too";
  }
}

// The first line of the stack that always fails, if the service cannot be entered for it.
std::string unusable_line(const PamStack& stack, const PamModules& modules) {
  const auto broken = std::ranges::find(stack, PamEntry::Kind::kMustFail, &PamEntry::kind);
  if (broken == stack.end() || Login(stack, modules, {}).is_granted()) return {};
  return fmt::format("nobody gets in: {} ({}) cannot be used", broken->where.text(), broken->path);
}

}  // namespace

LoginStack examine_login_stack(std::string service, PamStack auth, const PamStack& account,
                               const PamModules& modules) {
  LoginStack result{.service = std::move(service), .auth = std::move(auth)};
  examine_lockout(result, account, modules);
  const auto is_unix = [](const PamEntry& entry) { return role_of(entry) == ModuleRole::kUnix; };
  const Login plain(result.auth, modules, {});
  if (const auto* found = plain.first(is_unix); found != nullptr) result.unix = *found;
  const Login expired(account, modules, {.is_expired = true});
  result.checks_expiry = expired.first(is_unix) != nullptr;
  result.why_unknown = unusable_line(result.auth, modules);
  if (result.why_unknown.empty()) result.why_unknown = unusable_line(account, modules);
  return result;
}

}  // namespace assay::agent
