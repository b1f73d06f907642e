// What the Defaults lines of sudoers mean for the question whose password is asked.
// Plain values; any thread may read.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "agent/probes/linux/accounts/sudo/sudoers_aliases.h"
#include "agent/probes/linux/accounts/sudo/sudoers_rule.h"

namespace assay::agent {

class SudoersDefaultsBook {
 public:
  // In the order of the files: a later line wins. Names are expanded with `aliases`.
  void add(const SudoersDefaults& defaults, const SudoersAliasBook& aliases,
           const std::string& where);

  struct Password {
    std::optional<std::string> whose;  // own, root, target, runas_default, none
    std::string note;                  // why it is not known, or what changes it
  };
  // For a rule of `who` without a tag of its own.
  [[nodiscard]] Password password_of(std::string_view who) const;
  // The account that commands run as when a rule names none.
  [[nodiscard]] const std::string& default_runas() const { return default_runas_; }

 private:
  struct Choice {
    std::vector<std::string> who;  // empty: all
    bool asks = true;
  };
  std::vector<Choice> authenticate_;
  std::string whose_ = "own";
  std::string default_runas_ = "root";
  std::string exempt_group_;
  std::vector<std::string> elsewhere_;  // lines that lift the password by host, command or target
};

}  // namespace assay::agent
