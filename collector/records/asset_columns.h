// The asset register as a form: the columns of the register, completed with what the evidence knows
// of the machine. Pure; any thread.
#pragma once

#include <span>
#include <string>
#include <string_view>

#include "collector/records/register_fields.h"
#include "collector/store/register_entry.h"
#include "evidence/text.h"

namespace assay::collector {

// Facts from evidence, and what follows from the fields.
struct AssetFact {
  std::string name;
  Text label;
};
[[nodiscard]] std::span<const AssetFact> asset_facts();
// By name or label in either language, small letters.
[[nodiscard]] bool is_asset_fact(std::string_view word);

// 防護需求等級: the highest of the four grades; NULL when none is given.
[[nodiscard]] evidence::Value protection_need(const RegisterJson& fields);

}  // namespace assay::collector
