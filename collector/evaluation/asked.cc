#include "collector/evaluation/asked.h"

#include <algorithm>
#include <map>
#include <string_view>
#include <tuple>
#include <unordered_map>

namespace assay::collector {
namespace {

evidence::Digest identity_of(const checks::Plan& plan, const checks::Plan::Group& group,
                             const std::vector<SharedName>& names) {
  evidence::Sha256 hash;
  const auto add = [&hash](std::string_view text) {
    hash.add(std::to_string(text.size()) + ":");
    hash.add(text);
  };
  hash.add("assay group/1\n");
  hash.add(group.identity.raw());
  for (const auto table : group.tables) add(plan.tables()[table]);
  for (const auto& name : names) {
    add(name->check_id);
    add(name->parameters);
    for (const auto& framework : name->frameworks) add(framework);
  }
  return hash.finish();
}

}  // namespace

Questions::Questions(const checks::Content& content, std::string_view profile)
    : plan(content, profile) {
  auto made = std::make_shared<Outline>();
  made->tables = plan.tables();
  for (const auto& group : plan.groups()) {
    auto& names = made->questions.emplace_back();
    for (const auto question : group.questions)
      names.push_back(name_of(*plan.questions()[question]));
    made->groups.push_back(identity_of(plan, group, names));
  }
  outline = std::move(made);
}

bool SinceOutline::has_all_tables() const {
  return std::ranges::find(tables, kNew) == tables.end();
}

SinceOutline::SinceOutline(const Outline& before, const Outline& now) {
  for (const auto& table : now.tables) {
    const auto found = std::ranges::lower_bound(before.tables, table);
    const bool is_there = found != before.tables.end() && *found == table;
    tables.push_back(is_there ? static_cast<std::size_t>(found - before.tables.begin()) : kNew);
  }
  std::unordered_map<evidence::Digest, std::size_t> places;
  for (std::size_t i = 0; i < before.groups.size(); ++i) places.emplace(before.groups[i], i);
  for (const auto& group : now.groups) {
    const auto found = places.find(group);
    groups.push_back(found == places.end() ? kNew : found->second);
    if (found != places.end()) places.erase(found);
  }
  for (const auto& [group, place] : places) gone.push_back(place);
  std::ranges::sort(gone);
  using Name = std::tuple<std::string_view, std::string_view, evidence::Digest>;
  const auto name_in = [](const SharedName& name) {
    return Name(name->check_id, name->parameters, name->check_digest);
  };
  std::map<Name, Place> asked;
  for (const auto group : gone)
    for (std::size_t i = 0; i < before.questions[group].size(); ++i)
      asked.emplace(name_in(before.questions[group][i]), Place{group, i});
  questions.resize(now.groups.size());
  for (std::size_t group = 0; group < now.groups.size(); ++group) {
    if (groups[group] != kNew) continue;
    for (const auto& name : now.questions[group]) {
      const auto found = asked.find(name_in(name));
      questions[group].push_back(found == asked.end() ? Place{} : found->second);
    }
  }
}

}  // namespace assay::collector
