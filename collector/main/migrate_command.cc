#include <fmt/core.h>
#include <unistd.h>

#include <filesystem>
#include <nlohmann/json.hpp>

#include "collector/main/commands.h"
#include "collector/main/examination.h"
#include "collector/main/state.h"
#include "collector/main/store_name.h"
#include "collector/move/store_move.h"
#include "evidence/refusal.h"

namespace assay::collector {
namespace {

constexpr std::string_view kSqlite = "sqlite:";

const Text kTable{"{}: {} rows\n", "{}：{} 列\n"};
const Text kDone{
    "{} rows moved and examined: {} snapshots, {} tables and {} entries of the ledger are as they "
    "were accepted.\n"
    "Next: write store: '{}' into {}/collector.yaml and serve. {} stays as it is; keep it until "
    "you are sure.\n",
    "已移轉並查驗 {0} 列：快照 {1}、資料表 {2}、帳本登載 {3} 筆，均與收件時一致。\n"
    "下一步：在 {5}/collector.yaml 寫入 store: '{4}' 後啟動服務。{6} "
    "維持原狀，請保留至確認無誤為止。\n"};

}  // namespace

Status run_migrate_store(const CommonOptions& common, const MigrateOptions& options) {
  const auto conninfo = postgres_conninfo(options.to);
  if (auto good = check_store_name(options.to); !good || conninfo.empty())
    return good ? refuse(Code::kUsage, {"--to: postgres:host=…", "--to：應為 postgres:host=…"})
                : good;
  if (!options.from.empty() && !options.from.starts_with(kSqlite))
    return refuse(Code::kUsage, {"--from: sqlite:PATH", "--from：應為 sqlite:路徑"});
  const auto path =
      options.from.empty() ? common.state + "/store.db" : options.from.substr(kSqlite.size());
  if (::access(path.c_str(), F_OK) != 0)
    return refuse(Code::kNotFound, {"{} is not there", "找不到 {}"}, path);
  const auto authority = Authority::open(identity_folder(common.state));
  if (!authority) return fail(authority.error());
  const auto examination = fsck_options(common.state);
  if (!examination) return fail(examination.error());
  const auto lock = ServeLock::take(std::filesystem::path(path).parent_path());
  if (!lock) return fail(lock.error());
  const auto say = [&](const Text& text, const auto&... values) {
    if (!common.is_json) fmt::print(fmt::runtime(text.in(common.language)), values...);
  };
  const auto rows =
      move_store({path, conninfo, authority->fingerprint(), system_now(),
                  [&](std::string_view table, std::int64_t count) { say(kTable, table, count); }});
  if (!rows) return fail(rows.error());
  auto store = open_database(conninfo, false);
  if (!store) return fail(store.error());
  auto examined = examine_store(**store, *examination, common);
  if (!examined) return fail(examined.error());
  const auto& counts = examined->counts;
  if (common.is_json) {
    const nlohmann::ordered_json answer = {
        {"good", counts.damaged == 0},      {"rows", *rows},
        {"snapshots", counts.snapshots},    {"tables", counts.tables},
        {"ledger_entries", counts.entries}, {"damaged", std::move(examined->damaged)}};
    fmt::print("{}\n", answer.dump(2, ' ', false, nlohmann::json::error_handler_t::replace));
  }
  if (auto verdict = examined->verdict(); !verdict) return verdict;
  say(kDone, *rows, counts.snapshots, counts.tables, counts.entries, options.to, common.state,
      path);
  return {};
}

}  // namespace assay::collector
