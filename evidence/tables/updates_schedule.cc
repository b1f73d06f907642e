#include "evidence/tables/updates_family.h"

namespace assay::evidence {

using enum Type;

TableSpec scheduled_tasks() {
  return {
      .name = "scheduled_tasks",
      .version = 1,
      .meaning =
          {"What runs by itself at set times: cron, anacron, systemd timers, at. Of commands "
           "only the program is kept: arguments may hold secrets.",
           "定時自動執行的工作：cron、anacron、systemd timer 與 "
           "at。指令僅保留程式，參數可能含機密，一律略去。"},
      .privacy = Privacy::kPersonal,
      .origin = Origin::kHost,
      .is_volatile = false,
      .is_live_only = false,
      .example = "SELECT user, schedule, program FROM scheduled_tasks WHERE kind = 'cron'",
      .columns = {
          {"kind",
           kText,
           {"cron, cron_folder (a script in /etc/cron.daily and the like), anacron, systemd_timer "
            "or at.",
            "cron、cron_folder（/etc/cron.daily 等目錄中的指令稿）、anacron、systemd_timer 或 "
            "at。"}},
          {"name",
           kText,
           {"Name of the timer, script or anacron job; NULL for lines of cron.",
            "計時器、指令稿或 anacron 工作的名稱；cron 的設定行則為 NULL。"}},
          {"schedule",
           kText,
           {"When, in the words of its file: five fields of cron, @daily, OnCalendar=...; NULL if "
            "not "
            "readable or not fixed.",
            "執行時間，依檔案原文：cron 的五個欄位、@daily、OnCalendar=… 等；無法讀取或不固定則為 "
            "NULL。"}},
          {"user", kText, {"Account it runs as; NULL if not told.", "執行身分；未載明則為 NULL。"}},
          {"program",
           kText,
           {"Program that is called, without arguments; NULL if not readable, or not a plain "
            "command.",
            "呼叫的程式，不含參數；無法讀取或非單純指令則為 NULL。"}},
          {"enabled",
           kInteger,
           {"1: it is started when its time comes; 0: it is not; NULL: not determinable.",
            "1：時間到會啟動；0：不會；無法判定則為 NULL。"}},
          {"jobs",
           kInteger,
           {"Number of waiting jobs of this account, for at; NULL for other kinds.",
            "此帳號待執行的 at 工作數；其他種類則為 NULL。"}},
          {"source", kText, {"File or folder that tells.", "所依據的檔案或目錄。"}},
          {"line",
           kInteger,
           {"Line of the file; NULL where there is no single one.",
            "檔案中的行號；無單一行號則為 NULL。"}},
          {"note",
           kText,
           {"Why something is not known; NULL if all is.",
            "無法得知某項的原因；都已得知則為 NULL。"}},
      }};
}

TableSpec backup_jobs() {
  return {.name = "backup_jobs",
          .version = 1,
          .meaning =
              {"Backup tools found on the machine: whether they are installed, what starts them, "
               "and when a backup last succeeded, where that is recorded here.",
               "在機器上發現的備份工具：是否安裝、由何者啟動，以及本機有紀錄時最近一次成功備份的"
               "時間。"},
          .privacy = Privacy::kSensitive,
          .origin = Origin::kHost,
          .is_volatile = false,
          .is_live_only = false,
          .example = "SELECT tool, schedule, last_success FROM backup_jobs WHERE enabled = 1",
          .columns = {
              {"tool", kText, {"Name of the tool.", "工具名稱。"}},
              {"kind",
               kText,
               {"files, database, snapshot (on the same machine) or agent (of a backup server).",
                "files（檔案）、database（資料庫）、snapshot（同機快照）或 "
                "agent（備份伺服器的代理程式）。"}},
              {"installed",
               kInteger,
               {"1: its program is there; 0: it is not, though something would start it.",
                "1：程式已安裝；0：未安裝，但有排程會啟動它。"}},
              {"enabled",
               kInteger,
               {"1: something starts it by itself; 0: nothing was found that does; NULL: not "
                "determinable.",
                "1：有排程或服務會自動啟動；0：未發現；無法判定則為 NULL。"}},
              {"schedule",
               kText,
               {"When, in the words of cron or the timer; NULL if nothing was found, or a server "
                "decides.",
                "執行時間，依 cron 或 timer 原文；未發現或由備份伺服器決定則為 NULL。"}},
              {"last_success",
               kText,
               {"Day of the last backup that succeeded (YYYY-MM-DD); NULL if it is not recorded on "
                "this "
                "machine.",
                "最近一次成功備份的日期（YYYY-MM-DD）；本機無紀錄則為 NULL。"}},
              {"source",
               kText,
               {"Files that tell, separated by ', '.", "所依據的檔案，以「, 」分隔。"}},
              {"note",
               kText,
               {"Why something is not known; NULL if all is.",
                "無法得知某項的原因；都已得知則為 NULL。"}},
          }};
}

}  // namespace assay::evidence
