#include <fmt/core.h>

#include <nlohmann/json.hpp>

#include "collector/ledger/ledger_key.h"
#include "collector/main/commands.h"
#include "collector/main/state.h"
#include "evidence/refusal.h"

namespace assay::collector {

Status run_ledger_key(const CommonOptions& common) {
  const auto key = read_ledger_verifier(identity_folder(common.state));
  if (!key && key.error().code() == Code::kNotFound)
    return refuse(Code::kNotFound,
                  {"no ledger key in {}; it is made by init, or when the collector is served next",
                   "{} 中沒有帳本金鑰；init 或下次啟動服務時會產生"},
                  common.state);
  if (!key) return fail(key.error());
  if (common.is_json) {
    nlohmann::ordered_json answer;
    answer["key"] = evidence::to_text(*key);
    answer["origin"] = key->name;
    fmt::print("{}\n", answer.dump(2));
  } else {
    fmt::print("{}\n", evidence::to_text(*key));
  }
  return {};
}

}  // namespace assay::collector
