#include <fmt/core.h>

#include <algorithm>
#include <nlohmann/json.hpp>

#include "checks/engine/content.h"
#include "collector/main/commands.h"
#include "collector/main/settings.h"
#include "collector/main/state.h"
#include "collector/retention/prune.h"
#include "evidence/refusal.h"

namespace assay::collector {
namespace {

const Text kWould{
    "Would remove what was last in force before {}: {} snapshots, {} tables, {} verdicts and {} "
    "findings of the past.\n",
    "將移除 {} 之前即已失效的資料：快照 {}、資料表 {}、歷史判定 {}、歷史發現 {}。\n"};
const Text kDid{
    "Removed what was last in force before {}: {} snapshots, {} tables, {} verdicts and {} "
    "findings "
    "of the past, {} results of checks.\n",
    "已移除 {} 之前即已失效的資料：快照 {}、資料表 {}、歷史判定 {}、歷史發現 {}、檢查結果 {}。\n"};
const Text kNothing{"Nothing is older than it must be kept (before {}).\n",
                    "沒有超過保存期限的資料（{} 之前）。\n"};

// A name that no framework has would shorten the time of the one that was meant.
Status check_frameworks(const Settings& settings) {
  if (settings.retention.longer.empty()) return {};
  const auto content = checks::load_content({settings.content});
  if (!content) return fail(content.error());
  for (const auto& [name, years] : settings.retention.longer)
    if (std::ranges::find(content->frameworks, name, &checks::Framework::id) ==
        content->frameworks.end())
      return refuse(Code::kConfiguration,
                    {"retention.frameworks: there is no framework {}",
                     "retention.frameworks：沒有名為 {} 的規範"},
                    name);
  return {};
}

nlohmann::ordered_json to_json(std::int64_t snapshots, std::int64_t tables,
                               const History& history) {
  return {{"snapshots", snapshots},
          {"tables", tables},
          {"verdicts", history.verdicts},
          {"findings", history.findings}};
}

void print(const nlohmann::ordered_json& answer) {
  fmt::print("{}\n", answer.dump(2));
}

Status tell(const CommonOptions& common, const Prunable& found) {
  const auto horizon = evidence::to_timestamp(found.horizon);
  if (common.is_json) {
    print({{"before", horizon},
           {"would_remove", to_json(found.snapshots, found.tables, found.history)}});
  } else if (found.is_empty()) {
    fmt::print(fmt::runtime(kNothing.in(common.language)), horizon);
  } else {
    fmt::print(fmt::runtime(kWould.in(common.language)), horizon, found.snapshots, found.tables,
               found.history.verdicts, found.history.findings);
  }
  return {};
}

Status tell(const CommonOptions& common, const Removal& removal) {
  const auto horizon = evidence::to_timestamp(removal.horizon);
  if (common.is_json) {
    auto removed = to_json(removal.snapshots, removal.tables, removal.history);
    removed["results"] = removal.results;
    print({{"before", horizon}, {"removed", std::move(removed)}});
  } else if (removal.number == 0) {
    fmt::print(fmt::runtime(kNothing.in(common.language)), horizon);
  } else {
    fmt::print(fmt::runtime(kDid.in(common.language)), horizon, removal.snapshots, removal.tables,
               removal.history.verdicts, removal.history.findings, removal.results);
  }
  return {};
}

}  // namespace

Status run_prune(const CommonOptions& common, const PruneOptions& options) {
  const auto settings = load_settings(common.state);
  if (!settings) return fail(settings.error());
  if (auto known = check_frameworks(*settings); !known) return known;
  auto store = open_store(common.state, false, false);
  if (!store) return fail(store.error());
  const auto now = system_now();
  if (options.only_tell) {
    const auto found = prunable(**store, settings->retention, now);
    return found ? tell(common, *found) : fail(found.error());
  }
  if (auto good = check_clock(**store, now); !good) return good;
  const auto removal = prune(**store, settings->retention, now);
  return removal ? tell(common, *removal) : fail(removal.error());
}

}  // namespace assay::collector
