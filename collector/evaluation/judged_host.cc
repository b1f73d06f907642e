#include "collector/evaluation/judged_host.h"

#include <algorithm>
#include <utility>

namespace assay::collector {

std::shared_ptr<const JudgedHost> JudgedHosts::find(const std::string& host_id,
                                                    std::int64_t revision) {
  auto found = hosts_.find(host_id);
  if (!found || (*found)->revision != revision) return nullptr;
  return std::move(*found);
}

void JudgedHosts::keep(const std::string& host_id, std::shared_ptr<const JudgedHost> host) {
  hosts_.keep(host_id, std::move(host));
}

std::shared_ptr<const std::string> JudgedHosts::shared(const std::string& reason) {
  if (auto found = reasons_.find(reason)) return std::move(*found);
  return reasons_.keep_first(reason, std::make_shared<const std::string>(reason));
}

checks::TableSource::Entry RememberedTables::find(std::string_view table) const {
  const auto& names = judged_.outline->tables;
  const auto place = std::ranges::lower_bound(names, table);
  if (place == names.end() || *place != table) return {std::nullopt, "it was not asked for"};
  const auto& seen = judged_.tables[static_cast<std::size_t>(place - names.begin())];
  if (seen.reason) return {std::nullopt, *seen.reason};
  return {seen.digest, {}};
}

}  // namespace assay::collector
