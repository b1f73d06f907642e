#include <fmt/core.h>

#include <nlohmann/json.hpp>

#include "collector/fsck/fsck.h"
#include "collector/ledger/ledger_key.h"
#include "collector/main/commands.h"
#include "collector/main/state.h"
#include "collector/main/terminal_text.h"
#include "evidence/refusal.h"

namespace assay::collector {

namespace {

const Text kCounts{
    "Read: {} hosts, {} certificates, {} tables, {} snapshots, {} attached files; of the ledger {} "
    "entries, {} tiles, {} checkpoints.\n",
    "已讀取：主機 {}、憑證 {}、資料表 {}、快照 {}、附件 {}；帳本登載 {} 筆、雜湊磚 {}、檢查點 {}。\n"};
const Text kClean{"Everything is as it was accepted.\n", "全部內容與收件時一致。\n"};
const Text kDamaged{"DAMAGED: {} ({})\n", "已毀損：{}（{}）\n"};

}  // namespace

Status run_fsck(const CommonOptions& common) {
  const auto folder = identity_folder(common.state);
  const auto authority = Authority::open(folder);
  if (!authority) return fail(authority.error());
  const auto key = read_ledger_verifier(folder);
  if (!key && key.error().code() == Code::kNotFound)
    return refuse(Code::kNotFound,
                  {"no ledger key in {}; serve once, and it is made",
                   "{} 中沒有帳本金鑰；啟動一次服務即會產生"},
                  folder);
  if (!key) return fail(key.error());
  auto store = open_store(common.state, false, false);
  if (!store) return fail(store.error());
  nlohmann::ordered_json damaged = nlohmann::ordered_json::array();
  const auto on_damage = [&](const std::string& subject, const std::string& detail) {
    if (common.is_json)
      damaged.push_back({{"subject", subject}, {"detail", detail}});
    else
      fmt::print(fmt::runtime(kDamaged.in(common.language)), harmless(subject), harmless(detail));
  };
  const auto counts = fsck(**store, {authority->ca_certificate(), *key, on_damage});
  if (!counts) return fail(counts.error());
  if (common.is_json) {
    nlohmann::ordered_json answer;
    answer["good"] = counts->damaged == 0;
    answer["read"] = {{"hosts", counts->hosts},         {"certificates", counts->certificates},
                      {"tables", counts->tables},       {"snapshots", counts->snapshots},
                      {"files", counts->files},         {"ledger_entries", counts->entries},
                      {"ledger_tiles", counts->tiles},  {"ledger_checkpoints", counts->checkpoints}};
    answer["damaged"] = std::move(damaged);
    fmt::print("{}\n", answer.dump(2, ' ', false, nlohmann::json::error_handler_t::replace));
  } else {
    fmt::print(fmt::runtime(kCounts.in(common.language)), counts->hosts, counts->certificates,
               counts->tables, counts->snapshots, counts->files, counts->entries, counts->tiles,
               counts->checkpoints);
    if (counts->damaged == 0) fmt::print("{}", kClean.in(common.language));
  }
  if (counts->damaged == 0) return {};
  return refuse(Code::kInvalidData, {"{} damaged", "{} 項已毀損"}, counts->damaged);
}

}  // namespace assay::collector
