#include <fmt/core.h>

#include <nlohmann/json.hpp>

#include "collector/backup/backup.h"
#include "collector/main/commands.h"
#include "collector/main/settings.h"
#include "collector/main/state.h"
#include "evidence/refusal.h"

namespace assay::collector {
namespace {

const Text kTaken{
    "The backup of {} is in {}: {} files, {} bytes.\n"
    "It holds the keys of the certificate authority: keep it like them.\n",
    "已將 {} 備份至 {}：{} 個檔案，{} 位元組。\n"
    "備份內含憑證授權單位（CA）的金鑰，請比照金鑰妥善保管。\n"};
const Text kGood{"{}: the backup of {} is whole: {} files, {} bytes.\n",
                 "{}：{} 的備份完整無誤：{} 個檔案，{} 位元組。\n"};
const Text kRestored{
    "The backup of {} is restored to {}: {} files, {} bytes.\n"
    "What agents sent after it was taken is not there; the collector records a gap for each.\n"
    "Next: assay-collector serve --state {}\n",
    "已將 {} 的備份還原至 {}：{} 個檔案，{} 位元組。\n"
    "備份之後代理程式送出的資料不在其中，收集伺服器會逐一記錄為缺漏。\n"
    "下一步：assay-collector serve --state {}\n"};

std::int64_t bytes_of(const BackupList& list) {
  std::int64_t sum = 0;
  for (const auto& file : list.files) sum += file.bytes;
  return sum;
}

void print_json(const BackupList& list, const std::string& folder) {
  const nlohmann::ordered_json answer = {{"folder", folder},
                                         {"taken_at", list.taken_at},
                                         {"version", list.version},
                                         {"files", list.files.size()},
                                         {"bytes", bytes_of(list)}};
  fmt::print("{}\n", answer.dump(2));
}

}  // namespace

Status run_backup(const CommonOptions& common, const std::string& folder) {
  const auto settings = load_settings(common.state);
  if (!settings) return fail(settings.error());
  // A copy without the store would be taken for a backup.
  if (!settings->store.empty())
    return refuse(
        Code::kNotSupported,
        {"the store is a PostgreSQL database: back it up with its own tools "
         "(pg_basebackup, pg_dump), and {}/identity and collector.yaml beside it",
         "資料存放於 PostgreSQL：請以其本身的工具（pg_basebackup、pg_dump）備份，並一併備份 "
         "{}/identity 與 collector.yaml"},
        common.state);
  const auto list = take_backup(common.state, folder, system_now());
  if (!list) return fail(list.error());
  if (common.is_json)
    print_json(*list, folder);
  else
    fmt::print(fmt::runtime(kTaken.in(common.language)), common.state, folder, list->files.size(),
               bytes_of(*list));
  return {};
}

Status run_restore(const CommonOptions& common, const RestoreOptions& options) {
  const auto list = options.only_check ? check_backup(options.folder)
                                       : restore_backup(options.folder, common.state);
  if (!list) return fail(list.error());
  if (common.is_json)
    print_json(*list, options.only_check ? options.folder : common.state);
  else if (options.only_check)
    fmt::print(fmt::runtime(kGood.in(common.language)), options.folder, list->taken_at,
               list->files.size(), bytes_of(*list));
  else
    fmt::print(fmt::runtime(kRestored.in(common.language)), list->taken_at, common.state,
               list->files.size(), bytes_of(*list), common.state);
  return {};
}

}  // namespace assay::collector
