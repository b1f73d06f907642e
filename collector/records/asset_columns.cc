#include "collector/records/asset_columns.h"

#include <algorithm>
#include <vector>

#include "collector/records/words.h"

namespace assay::collector {

std::span<const AssetFact> asset_facts() {
  static const std::vector<AssetFact> kFacts = {
      {"protection_need", {"Need of protection", "防護需求等級"}},
      {"host_id", {"Host id", "主機識別碼"}},
      {"os", {"Operating system", "作業系統"}},
      {"addresses", {"Addresses", "IP 位址"}},
      {"hardware", {"Hardware (seen)", "硬體（實測）"}},
      {"serial", {"Serial number", "機器序號"}},
      {"last_seen", {"Last seen", "最近回報"}},
  };
  return kFacts;
}

bool is_asset_fact(std::string_view word) {
  return std::ranges::any_of(asset_facts(), [&](const AssetFact& fact) {
    return word == fact.name || word == lower(fact.label.en) || word == lower(fact.label.zh_tw);
  });
}

evidence::Value protection_need(const RegisterJson& fields) {
  evidence::Value highest;
  for (const auto* name : {"confidentiality", "integrity", "availability", "compliance"}) {
    const auto value = value_in(fields, name);
    // NULL is the smallest of all values.
    highest = std::max(highest, value);
  }
  return highest;
}

}  // namespace assay::collector
