#include <fmt/core.h>

#include <nlohmann/json.hpp>

#include "collector/main/commands.h"
#include "collector/main/examination.h"
#include "collector/main/state.h"

namespace assay::collector {

namespace {

const Text kCounts{
    "Read: {} hosts, {} certificates, {} tables, {} snapshots, {} attached files, {} weekly "
    "reports, {} acts; of the ledger {} entries, {} tiles, {} checkpoints, {} time stamps, {} "
    "co-signatures.\n",
    "已讀取：主機 {}、憑證 {}、資料表 {}、快照 {}、附件 {}、週報 {}、作業紀錄 {}；帳本登載 {} "
    "筆、雜湊磚 {}、檢查點 {}、時戳 {}、共同簽章 {}。\n"};
const Text kRemoved{
    "Of the snapshots {} were removed when their time was over; their places are kept.\n",
    "其中 {} 份快照已於保存期限屆滿後移除，僅保留其於序列中的位置。\n"};
const Text kJudgedAgain{"Judged again from the evidence: {} hosts, {} kept results.\n",
                        "已由證據重新判定：主機 {} 部、保存的檢查結果 {} 筆。\n"};
const Text kNotJudgedAgain{
    "Not judged again: {} hosts (never judged yet, or by rules other than those in force).\n",
    "未重新判定：主機 {} 部（尚未判定過，或當時依據的檢查內容與現行不同）。\n"};
const Text kUnknownSigners{
    "Who signed {} of the time stamps was not checked: the settings name no "
    "ledger.timestamps.ca.\n",
    "其中 {} 個時戳由誰簽署未經查驗：設定中沒有 ledger.timestamps.ca。\n"};
const Text kClean{"Everything is as it was accepted.\n", "全部內容與收件時一致。\n"};

}  // namespace

Status run_fsck(const CommonOptions& common) {
  const auto options = fsck_options(common.state);
  if (!options) return fail(options.error());
  auto store = open_store(common.state, false, false);
  if (!store) return fail(store.error());
  auto examined = examine_store(**store, *options, common);
  if (!examined) return fail(examined.error());
  const auto& counts = examined->counts;
  if (common.is_json) {
    nlohmann::ordered_json answer;
    answer["good"] = counts.damaged == 0;
    answer["read"] = {{"hosts", counts.hosts},
                      {"certificates", counts.certificates},
                      {"tables", counts.tables},
                      {"snapshots", counts.snapshots},
                      {"removed", counts.removed},
                      {"files", counts.files},
                      {"reports", counts.reports},
                      {"acts", counts.acts},
                      {"results", counts.results},
                      {"judged_again", counts.judged_again},
                      {"ledger_entries", counts.entries},
                      {"ledger_tiles", counts.tiles},
                      {"ledger_checkpoints", counts.checkpoints},
                      {"ledger_time_stamps", counts.time_stamps},
                      {"ledger_cosignatures", counts.cosignatures}};
    answer["not_judged_again"] = counts.not_judged_again;
    answer["unknown_time_stamp_signers"] = counts.unknown_signers;
    answer["damaged"] = std::move(examined->damaged);
    fmt::print("{}\n", answer.dump(2, ' ', false, nlohmann::json::error_handler_t::replace));
  } else {
    fmt::print(fmt::runtime(kCounts.in(common.language)), counts.hosts, counts.certificates,
               counts.tables, counts.snapshots, counts.files, counts.reports, counts.acts,
               counts.entries, counts.tiles, counts.checkpoints, counts.time_stamps,
               counts.cosignatures);
    if (counts.removed > 0) fmt::print(fmt::runtime(kRemoved.in(common.language)), counts.removed);
    fmt::print(fmt::runtime(kJudgedAgain.in(common.language)), counts.judged_again, counts.results);
    if (counts.not_judged_again > 0)
      fmt::print(fmt::runtime(kNotJudgedAgain.in(common.language)), counts.not_judged_again);
    if (counts.unknown_signers > 0)
      fmt::print(fmt::runtime(kUnknownSigners.in(common.language)), counts.unknown_signers);
    if (counts.damaged == 0) fmt::print("{}", kClean.in(common.language));
  }
  return examined->verdict();
}

}  // namespace assay::collector
