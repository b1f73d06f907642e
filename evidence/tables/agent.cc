#include "evidence/tables/families.h"

namespace assay::evidence {
namespace {

using enum Type;

TableSpec agent_info() {
  return {
      .name = "agent_info",
      .version = 1,
      .meaning = {"The agent that collected this evidence: identity, settings, rights. One row.",
                  "蒐集本證據的代理程式：身分、設定與權限。僅一列。"},
      .privacy = Privacy::kPublic,
      .origin = Origin::kHost,
      .is_volatile = false,
      .is_live_only = true,
      .example = "SELECT version, profile, walk_interval FROM agent_info WHERE enrolled = 0",
      .columns = {
          {"version", kText, {"Version of the agent.", "代理程式版本。"}},
          {"enrolled",
           kInteger,
           {"1: the machine belongs to a collector; 0: it does not.",
            "1：已向收集伺服器註冊；0：尚未註冊。"}},
          {"host_id",
           kText,
           {"Identifier given at enrollment; NULL if not enrolled.",
            "註冊時取得的識別碼；尚未註冊則為 NULL。"}},
          {"collector",
           kText,
           {"Address of the collector, HOST:PORT; NULL if there is none.",
            "收集伺服器位址（主機:連接埠）；沒有則為 NULL。"}},
          {"certificate_ends",
           kText,
           {"When the agent's certificate ends, UTC; NULL if not enrolled.",
            "代理程式憑證的到期時間（UTC）；尚未註冊則為 NULL。"}},
          {"profile", kText, {"server or pc.", "server 或 pc。"}},
          {"settings_digest",
           kText,
           {"SHA-256 of the settings in force, as in the manifest.",
            "生效設定的 SHA-256，與清單所載相同。"}},
          {"scan_interval", kInteger, {"Seconds between two scans.", "兩次掃描的間隔秒數。"}},
          {"walk_interval",
           kInteger,
           {"Seconds between two walks over the whole file system.",
            "兩次走訪整個檔案系統的間隔秒數。"}},
          {"state_dir", kText, {"Folder of the agent's own state.", "代理程式的狀態資料夾。"}},
          {"spool_max_bytes",
           kInteger,
           {"How much evidence may wait for the collector, in bytes.",
            "等待傳送之證據的空間上限，單位為位元組。"}},
          {"uid", kInteger, {"User that the agent runs as.", "代理程式執行身分的使用者識別碼。"}},
          {"capabilities",
           kText,
           {"Effective capabilities, numbers in hexadecimal as in /proc/PID/status; NULL if they "
            "cannot be told.",
            "有效的 capabilities，以十六進位表示，同 /proc/PID/status；無法得知則為 NULL。"}},
          {"no_new_privileges",
           kInteger,
           {"1: it can gain no rights by executing programs; NULL if it cannot be told.",
            "1：無法藉由執行程式取得更高權限；無法得知則為 NULL。"}},
          {"seccomp",
           kInteger,
           {"Filter of system calls: 0 none, 1 strict, 2 filter; NULL if it cannot be told.",
            "系統呼叫過濾：0 無、1 嚴格、2 過濾器；無法得知則為 NULL。"}},
      }};
}

TableSpec agent_costs() {
  return {
      .name = "agent_costs",
      .version = 1,
      .meaning = {"What each probe of the agent cost when it last ran. One row per probe that has "
                  "run since the agent started.",
                  "各項偵測最近一次執行的成本。自代理程式啟動後執行過的每項偵測一列。"},
      .privacy = Privacy::kPublic,
      .origin = Origin::kHost,
      .is_volatile = true,
      .is_live_only = false,
      .example = "SELECT probe, cpu_us, peak_kib FROM agent_costs ORDER BY cpu_us DESC LIMIT 5",
      .columns = {
          {"probe",
           kText,
           {"The table that it fills; walk: the one walk over all files that several share.",
            "所填寫的資料表；walk：多項偵測共用的一次檔案系統走訪。"}},
          {"cpu_us", kInteger, {"CPU time in microseconds.", "CPU 時間，單位為微秒。"}},
          {"wall_us", kInteger, {"Elapsed time in microseconds.", "經過時間，單位為微秒。"}},
          {"peak_kib",
           kInteger,
           {"Most growth of the heap that was seen, in KiB.",
            "觀察到的堆積記憶體最大增量，單位為 KiB。"}},
          {"read_bytes", kInteger, {"Bytes read of files.", "讀取檔案的位元組數。"}},
          {"calls", kInteger, {"Questions asked of the system.", "對系統的查詢次數。"}},
      }};
}

TableSpec agent_gaps() {
  return {
      .name = "agent_gaps",
      .version = 1,
      .meaning = {"Where evidence of this machine is missing, and why. Empty: nothing was lost.",
                  "本機證據的缺漏與原因。沒有任何列表示沒有遺失。"},
      .privacy = Privacy::kPublic,
      .origin = Origin::kHost,
      .is_volatile = false,
      .is_live_only = true,
      .example = "SELECT since, kind, count, detail FROM agent_gaps ORDER BY since",
      .columns = {
          {"since",
           kText,
           {"When it was lost, UTC, or the first time; NULL if not known.",
            "遺失的時間（UTC）；多次時為第一次；不明則為 NULL。"}},
          {"until",
           kText,
           {"The last time, UTC; NULL if not known.", "最後一次的時間（UTC）；不明則為 NULL。"}},
          {"kind",
           kText,
           {"no_space: a scan could not be kept; scan_failed: it did not come to an end; "
            "network: the network was not looked at as the settings ask; set_aside: the "
            "collector refused it for good; damaged: a kept file was missing or altered; "
            "unreadable: the record of a gap cannot be understood; ledger: the collector's ledger was "
            "rewound, forked or has not what it gave a receipt for.",
            "no_space：掃描結果無法保存；scan_failed：掃描未完成；network：未能依設定檢測網路；set_aside：收集伺服器拒收；"
            "damaged：已保存的檔案遺失或遭更動；unreadable：缺漏紀錄無法解讀；"
            "ledger：收集伺服器的帳本遭回溯或分岔，或未登載已收件的清單。"}},
          {"detail",
           kText,
           {"Why, in words; of several, those of the last.", "原因；多次時為最後一次的原因。"}},
          {"count", kInteger, {"How many times.", "次數。"}},
      }};
}

}  // namespace

std::span<const TableSpec> agent_tables() {
  static const std::vector<TableSpec> kTables = {agent_costs(), agent_gaps(), agent_info()};
  return kTables;
}

}  // namespace assay::evidence
