#include "agent/probes/linux/accounts/password_policy/password_stack.h"

#include <fmt/format.h>

#include <algorithm>

#include "agent/probes/linux/accounts/password_policy/pam_walk.h"

namespace assay::agent {
namespace {

bool is_guard(const PamEntry& entry) {
  const auto role = role_of(entry);
  return entry.kind == PamEntry::Kind::kModule &&
         (role == ModuleRole::kQuality || role == ModuleRole::kHistory);
}

// One change of password: every module is content, but the one at `refusing`.
class Change {
 public:
  Change(const PamStack& stack, const PamModules& modules) : stack_(stack), modules_(modules) {}

  void run(std::optional<std::size_t> refusing, std::optional<std::size_t> flipped) {
    refusing_ = refusing;
    flipped_ = flipped;
    has_password_ = false;
    was_refused_ = false;
    setter_.reset();
    (void)walk(stack_, [this](std::size_t i) { return answer(i); });  // only the effects count
  }

  [[nodiscard]] bool was_refused() const { return was_refused_; }
  [[nodiscard]] std::optional<std::size_t> setter() const { return setter_; }

 private:
  PamResult answer(std::size_t i) {
    const auto& entry = stack_[i];
    if (!modules_.is_installed(entry)) return PamResult::kModuleUnknown;
    switch (role_of(entry)) {
      case ModuleRole::kDeny: return PamResult::kAuthtokErr;
      case ModuleRole::kPermit:
      case ModuleRole::kLocal: return PamResult::kSuccess;
      case ModuleRole::kDomain: return PamResult::kUserUnknown;
      case ModuleRole::kQuality:
      case ModuleRole::kHistory:
      case ModuleRole::kUnix: return take_password(i);
      case ModuleRole::kLockout:
      case ModuleRole::kOther: break;
    }
    return ordinary_answer(entry, flipped_ == i);
  }

  // A module that works with the new password: it takes the one at hand or asks for one.
  PamResult take_password(std::size_t i) {
    const auto& entry = stack_[i];
    const bool must_be_given =
        entry.has_argument("use_authtok") || entry.has_argument("use_first_pass");
    if (!has_password_ && must_be_given) return PamResult::kAuthtokErr;
    if (refusing_ == i) {
      was_refused_ = true;
      has_password_ = false;  // a refused password is thrown away; the next may ask again
      return PamResult::kAuthtokErr;
    }
    has_password_ = true;
    if (role_of(entry) == ModuleRole::kUnix) setter_ = i;
    return PamResult::kSuccess;
  }

  const PamStack& stack_;
  const PamModules& modules_;
  std::optional<std::size_t> refusing_;
  std::optional<std::size_t> flipped_;
  bool has_password_ = false;
  bool was_refused_ = false;
  std::optional<std::size_t> setter_;
};

std::string reason_against(const PamStack& stack, const PamModules& modules, std::size_t index,
                           const Change& change) {
  const auto& entry = stack[index];
  if (!modules.is_installed(entry)) {
    return fmt::format("{} at {} is not installed", entry.module, entry.where.text());
  }
  if (!change.setter()) {
    return fmt::format("{} at {} is never called", entry.module, entry.where.text());
  }
  const auto& setter = stack[*change.setter()];
  if (*change.setter() < index) {
    return fmt::format("{} at {} stands after {} at {}, which has set the password by then",
                       entry.module, entry.where.text(), setter.module, setter.where.text());
  }
  if (!change.was_refused()) {
    return fmt::format("{} at {} is passed over", entry.module, entry.where.text());
  }
  return fmt::format(
      "when {} at {} refuses a password, {} at {} asks for another one that is not judged "
      "(no use_authtok)",
      entry.module, entry.where.text(), setter.module, setter.where.text());
}

std::string skip_condition(const PamStack& stack, std::size_t guard, Change& change) {
  for (std::size_t i = 0; i < stack.size(); ++i) {
    if (stack[i].kind != PamEntry::Kind::kModule || role_of(stack[i]) != ModuleRole::kOther) {
      continue;
    }
    change.run(guard, i);
    if (!change.setter()) continue;
    return fmt::format("{} at {} does not apply to everybody: {} at {} can pass it over",
                       stack[guard].module, stack[guard].where.text(), stack[i].module,
                       stack[i].where.text());
  }
  return {};
}

Guard examine(const PamStack& stack, const PamModules& modules, std::size_t index) {
  Guard guard{.entry = stack[index]};
  Change change(stack, modules);
  change.run(index, std::nullopt);
  guard.is_in_force = change.was_refused() && !change.setter();
  if (guard.is_in_force) {
    guard.can_skip = skip_condition(stack, index, change);
  } else {
    guard.why_not = reason_against(stack, modules, index, change);
  }
  return guard;
}

}  // namespace

const Guard* PasswordStack::in_force(std::string_view module) const {
  const auto found = std::ranges::find_if(guards, [&](const Guard& guard) {
    return guard.is_in_force && guard.entry.module == module;
  });
  return found == guards.end() ? nullptr : &*found;
}

const Guard* PasswordStack::any(std::string_view module) const {
  const auto found = std::ranges::find_if(
      guards, [&](const Guard& guard) { return guard.entry.module == module; });
  return found == guards.end() ? nullptr : &*found;
}

PasswordStack examine_password_stack(std::string service, PamStack stack,
                                     const PamModules& modules) {
  PasswordStack result{.service = std::move(service), .entries = std::move(stack)};
  Change change(result.entries, modules);
  change.run(std::nullopt, std::nullopt);
  if (change.setter()) result.setter = result.entries[*change.setter()];
  for (std::size_t i = 0; i < result.entries.size(); ++i) {
    if (is_guard(result.entries[i])) result.guards.push_back(examine(result.entries, modules, i));
  }
  return result;
}

}  // namespace assay::agent
