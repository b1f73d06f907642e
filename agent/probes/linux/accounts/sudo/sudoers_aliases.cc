#include "agent/probes/linux/accounts/sudo/sudoers_aliases.h"

#include <algorithm>

namespace assay::agent {
namespace {

constexpr std::size_t kMaxDepth = 32;
constexpr std::size_t kMaxExpanded = 4096;

bool can_be_alias(std::string_view name) {
  if (name.empty() || name[0] < 'A' || name[0] > 'Z' || name == "ALL") return false;
  return std::ranges::all_of(
      name, [](char c) { return (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_'; });
}

}  // namespace

struct SudoersAliasBook::Walk {
  SudoersAliasKind kind;
  Expansion result;
  std::vector<std::string_view> chain;
};

void SudoersAliasBook::add(const SudoersAlias& alias) {
  auto& members = aliases_[{alias.kind, alias.name}];
  members.insert(members.end(), alias.members.begin(), alias.members.end());
}

void SudoersAliasBook::expand(Walk& walk, std::string_view name, bool is_negated) const {
  while (name.starts_with('!')) {
    is_negated = !is_negated;
    name.remove_prefix(1);
  }
  const auto keep = [&] {
    walk.result.names.push_back(std::string(is_negated ? "!" : "").append(name));
  };
  if (!can_be_alias(name)) return keep();
  const auto found = aliases_.find({walk.kind, std::string(name)});
  if (found == aliases_.end()) return keep();
  const bool is_loop = std::ranges::find(walk.chain, name) != walk.chain.end();
  if (is_loop || walk.chain.size() >= kMaxDepth || walk.result.names.size() >= kMaxExpanded) {
    walk.result.note =
        std::string("the alias ")
            .append(name)
            .append(is_loop ? " contains itself" : " is too large to be written out");
    return keep();
  }
  walk.chain.push_back(found->first.second);
  for (const auto& member : found->second) expand(walk, member, is_negated);
  walk.chain.pop_back();
}

SudoersAliasBook::Expansion SudoersAliasBook::expand(SudoersAliasKind kind,
                                                     const std::vector<std::string>& names) const {
  Walk walk{.kind = kind, .result = {}, .chain = {}};
  for (const auto& name : names) expand(walk, name, false);
  return std::move(walk.result);
}

}  // namespace assay::agent
