// The aliases of all sudoers files, and what stands behind a name. Aliases hold everywhere,
// whatever the order of the files. Plain values; any thread may read.
#pragma once

#include <map>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "agent/probes/linux/accounts/sudo/sudoers_rule.h"

namespace assay::agent {

class SudoersAliasBook {
 public:
  void add(const SudoersAlias& alias);

  struct Expansion {
    std::vector<std::string> names;  // with "!" before what is left out
    std::string note;                // for people; empty when there is nothing to say
  };
  // Each name that is an alias of that kind replaced by its members, to the end. An alias that is
  // in a loop or too large stays as its name, with a note.
  [[nodiscard]] Expansion expand(SudoersAliasKind kind,
                                 const std::vector<std::string>& names) const;

 private:
  struct Walk;
  void expand(Walk& walk, std::string_view name, bool is_negated) const;

  std::map<std::pair<SudoersAliasKind, std::string>, std::vector<std::string>> aliases_;
};

}  // namespace assay::agent
