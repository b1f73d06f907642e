#include "agent/probes/linux/accounts/sudo/sudoers_defaults.h"

#include <algorithm>

namespace assay::agent {
namespace {

bool names(const std::vector<std::string>& list, std::string_view who) {
  bool is_named = false;
  for (const auto& name : list) {
    if (name == who || name == "ALL") is_named = true;
    if (name.starts_with('!') && std::string_view(name).substr(1) == who) is_named = false;
  }
  return is_named;
}

}  // namespace

void SudoersDefaultsBook::add(const SudoersDefaults& defaults, const SudoersAliasBook& aliases,
                              const std::string& where) {
  const bool is_global = defaults.scope == '\0';
  for (const auto& setting : defaults.settings) {
    if (setting.name == "authenticate") {
      if (is_global || defaults.scope == ':') {
        authenticate_.push_back(
            {.who = is_global ? std::vector<std::string>()
                              : aliases.expand(SudoersAliasKind::kUser, defaults.scoped_to).names,
             .asks = !setting.is_negated});
      } else if (setting.is_negated) {
        elsewhere_.push_back(where);
      }
    }
    if (!is_global) continue;
    if (setting.name == "rootpw" || setting.name == "targetpw" || setting.name == "runaspw") {
      const auto whose = setting.name == "rootpw"     ? "root"
                         : setting.name == "targetpw" ? "target"
                                                      : "runas_default";
      if (!setting.is_negated) whose_ = whose;
      if (setting.is_negated && whose_ == whose) whose_ = "own";
    }
    if (setting.name == "runas_default" && !setting.value.empty()) default_runas_ = setting.value;
    if (setting.name == "exempt_group") exempt_group_ = setting.is_negated ? "" : setting.value;
  }
}

SudoersDefaultsBook::Password SudoersDefaultsBook::password_of(std::string_view who) const {
  bool asks = true;
  // Lines for all are read before lines for some.
  for (const auto& choice : authenticate_)
    if (choice.who.empty()) asks = choice.asks;
  for (const auto& choice : authenticate_)
    if (!choice.who.empty() && names(choice.who, who)) asks = choice.asks;
  if (!asks) return {.whose = "none", .note = "!authenticate in Defaults"};
  if (!exempt_group_.empty() && who == "%" + exempt_group_)
    return {.whose = "none", .note = "exempt_group in Defaults"};
  if (!elsewhere_.empty())
    return {.whose = {},
            .note = "for some hosts, commands or targets no password is asked: !authenticate at " +
                    elsewhere_.front()};
  Password password{.whose = whose_, .note = {}};
  if (!exempt_group_.empty())
    password.note = "members of the group " + exempt_group_ + " are not asked (exempt_group)";
  return password;
}

}  // namespace assay::agent
