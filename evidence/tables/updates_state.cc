#include "evidence/tables/updates_family.h"

namespace assay::evidence {

using enum Type;

TableSpec kernel_modules() {
  return {
      .name = "kernel_modules",
      .version = 1,
      .meaning = {"Modules that the running kernel has loaded.", "執行中核心已載入的模組。"},
      .privacy = Privacy::kPublic,
      .origin = Origin::kHost,
      .is_volatile = false,
      .is_live_only = true,
      .example = "SELECT name, taints FROM kernel_modules WHERE taints IS NOT NULL",
      .columns = {
          {"name", kText, {"Name of the module.", "模組名稱。"}},
          {"size", kInteger, {"Size in bytes.", "大小，單位為位元組。"}},
          {"used_by",
           kText,
           {"Modules that need it, separated by commas; NULL if none does.",
            "使用它的模組，以逗號分隔；沒有則為 NULL。"}},
          {"status", kText, {"Live, Loading or Unloading.", "Live、Loading 或 Unloading。"}},
          {"taints",
           kText,
           {"The kernel's letters for what is wrong with it, such as O (not of the kernel's own "
            "source), E (unsigned), P (proprietary); NULL if nothing.",
            "核心標示的問題字母，例如 O（非核心原始碼樹）、E（未簽章）、P（專屬授權）；沒有則為 "
            "NULL。"}},
      }};
}

TableSpec update_history() {
  return {
      .name = "update_history",
      .version = 1,
      .meaning = {"Past runs of the package managers, the newest 500, from their logs.",
                  "套件管理程式的執行紀錄，取自其紀錄檔，最多列最近 500 筆。"},
      .privacy = Privacy::kPublic,
      .origin = Origin::kHost,
      .is_volatile = false,
      .is_live_only = false,
      .example =
          "SELECT max(time), manager FROM update_history WHERE upgraded > 0 GROUP BY manager",
      .columns = {
          {"manager",
           kText,
           {"apt, dpkg (one row for each day, with what apt did, too), apk, dnf, yum or zypper.",
            "apt、dpkg（每日一列，含 apt 所做的變更）、apk、dnf、yum 或 zypper。"}},
          {"time",
           kText,
           {"When it began, as the log has it: local time for apt and zypper (YYYY-MM-DD HH:MM:SS) "
            "and for dpkg (the day), UTC for apk, dnf and yum.",
            "開始時間，依紀錄檔所載：apt 與 zypper 為當地時間（YYYY-MM-DD HH:MM:SS），dpkg "
            "為當地日期，apk、dnf 與 yum 為 UTC。"}},
          {"program",
           kText,
           {"Program that was called, without its arguments; NULL if not recorded.",
            "執行的程式，不含參數；未記載則為 NULL。"}},
          {"automatic",
           kInteger,
           {"1: it ran by itself, as unattended-upgrades; 0: somebody called it; NULL: not told.",
            "1：自動執行，例如 unattended-upgrades；0：由人執行；無從得知則為 NULL。"}},
          {"installed",
           kInteger,
           {"Packages newly installed; NULL if not recorded.",
            "新安裝的套件數；未記載則為 NULL。"}},
          {"upgraded",
           kInteger,
           {"Packages upgraded; NULL if not recorded.", "升級的套件數；未記載則為 NULL。"}},
          {"removed",
           kInteger,
           {"Packages removed; NULL if not recorded.", "移除的套件數；未記載則為 NULL。"}},
          {"succeeded",
           kInteger,
           {"1: it ended without error; 0: with one; NULL: the log does not say.",
            "1：無錯誤結束；0：發生錯誤；紀錄檔未載明則為 NULL。"}},
          {"source", kText, {"Log that tells.", "所依據的紀錄檔。"}},
          {"note",
           kText,
           {"What is not known, or left out; NULL if nothing.",
            "未知或略去的事項；沒有則為 NULL。"}},
      }};
}

TableSpec package_installs() {
  return {
      .name = "package_installs",
      .version = 1,
      .meaning = {"When each package was installed last, and by whom, from the logs of the package "
                  "managers that are left; upgrades do not count. A package without a row was "
                  "installed before the oldest log. At most 20,000 rows, the newest.",
                  "各套件最近一次安裝的時間與安裝者，取自現存的套件管理程式紀錄檔；升級不計。"
                  "未列出的套件，其安裝時間早於最舊的紀錄檔。最多列最近 20,000 筆。"},
      .privacy = Privacy::kPersonal,
      .origin = Origin::kHost,
      .is_volatile = false,
      .is_live_only = false,
      .example =
          "SELECT name, time, username FROM package_installs WHERE automatic = 0 "
          "ORDER BY time DESC LIMIT 20",
      .columns = {
          {"manager",
           kText,
           {"apt, dpkg (called without apt), apk, dnf, yum or zypper.",
            "apt、dpkg（未經 apt 直接執行）、apk、dnf、yum 或 zypper。"}},
          {"name", kText, {"Name of the package.", "套件名稱。"}},
          {"architecture",
           kText,
           {"As the log has it: apt names the machine's own also for packages of all "
            "architectures; NULL if not recorded.",
            "依紀錄檔所載：apt 對不分架構的套件亦記載本機架構；未記載則為 NULL。"}},
          {"version",
           kText,
           {"Version that was installed then; NULL if not recorded.",
            "當時安裝的版本；未記載則為 NULL。"}},
          {"time",
           kText,
           {"When, as the log has it (YYYY-MM-DD HH:MM:SS): local time for apt, dpkg and zypper, "
            "UTC for apk, dnf and yum.",
            "安裝時間，依紀錄檔所載（YYYY-MM-DD HH:MM:SS）：apt、dpkg 與 zypper 為當地時間，"
            "apk、dnf 與 yum 為 UTC。"}},
          {"username",
           kText,
           {"Account that asked for it; NULL if not recorded: apt records it only where sudo or "
            "pkexec was used, dnf and yum record the uid.",
            "要求安裝的帳號；未記載則為 NULL：apt 僅於使用 sudo 或 pkexec 時記載，dnf 與 yum "
            "記載 uid。"}},
          {"uid",
           kInteger,
           {"User ID of the account that was logged in; NULL if not recorded, or if nobody was.",
            "登入帳號的使用者識別碼；未記載或無人登入則為 NULL。"}},
          {"automatic",
           kInteger,
           {"1: it came along as a dependency; 0: it was asked for; NULL if not recorded.",
            "1：因相依而一併安裝；0：經指定安裝；未記載則為 NULL。"}},
          {"repository",
           kText,
           {"Repository it came from; NULL if not recorded.", "來源套件庫；未記載則為 NULL。"}},
          {"source", kText, {"Log that tells.", "所依據的紀錄檔。"}},
      }};
}

TableSpec automatic_updates() {
  return {
      .name = "automatic_updates",
      .version = 1,
      .meaning = {"Mechanisms that update the system by themselves: what they are set to do, and "
                  "whether anything starts them.",
                  "系統的自動更新機制：設定要做什麼，以及是否有排程啟動。"},
      .privacy = Privacy::kSensitive,
      .origin = Origin::kHost,
      .is_volatile = false,
      .is_live_only = false,
      .example =
          "SELECT mechanism, origins FROM automatic_updates WHERE enabled = 1 AND installs = 1",
      .columns = {
          {"mechanism",
           kText,
           {"unattended-upgrades, dnf-automatic, yum-cron or zypper's online update.",
            "unattended-upgrades、dnf-automatic、yum-cron 或 zypper 的線上更新。"}},
          {"installed",
           kInteger,
           {"1: its program is there; 0: it is not.", "1：程式已安裝；0：未安裝。"}},
          {"enabled",
           kInteger,
           {"1: something starts it by itself; 0: nothing does; NULL: not determinable, see note.",
            "1：有排程會自動啟動；0：沒有；無法判定則為 NULL，請看 note。"}},
          {"refreshes_days",
           kInteger,
           {"Lists are fetched every so many days; 0: never; NULL: not set by this mechanism.",
            "每隔幾天更新清單；0：從不；此機制未設定則為 NULL。"}},
          {"downloads",
           kInteger,
           {"1: updates are fetched; 0: they are not; NULL: not determinable, see note.",
            "1：會下載更新；0：不會；無法判定則為 NULL，請看 note。"}},
          {"installs",
           kInteger,
           {"1: updates are installed; 0: they are not; NULL: not determinable, see note.",
            "1：會安裝更新；0：不會；無法判定則為 NULL，請看 note。"}},
          {"security_only",
           kInteger,
           {"1: only security updates; 0: others, too; NULL: not told by its settings.",
            "1：僅安全性更新；0：也含其他更新；設定未載明則為 NULL。"}},
          {"origins",
           kText,
           {"Which sources it takes updates from, separated by '; '; NULL: all, or not told.",
            "會採用的更新來源，以「; 」分隔；全部或未載明則為 NULL。"}},
          {"excluded",
           kText,
           {"Packages that it never updates, separated by '; '; NULL if none.",
            "不更新的套件，以「; 」分隔；沒有則為 NULL。"}},
          {"reboots",
           kInteger,
           {"1: it reboots when needed; 0: it does not; NULL: not told.",
            "1：必要時自動重新開機；0：不會；未載明則為 NULL。"}},
          {"last_run",
           kText,
           {"Day on which it ran last (YYYY-MM-DD); NULL if not recorded.",
            "最近一次執行的日期（YYYY-MM-DD）；未記載則為 NULL。"}},
          {"source",
           kText,
           {"Files that tell, separated by ', '.", "所依據的檔案，以「, 」分隔。"}},
          {"note",
           kText,
           {"Why something is not known; NULL if all is.",
            "無法得知某項的原因；都已得知則為 NULL。"}},
      }};
}

TableSpec reboot_required() {
  return {
      .name = "reboot_required",
      .version = 1,
      .meaning = {"Reasons to restart the machine or a service: one row for each. No row: none was "
                  "found.",
                  "需要重新啟動機器或服務的原因，每項一列；沒有任何列表示未發現。"},
      .privacy = Privacy::kSensitive,
      .origin = Origin::kHost,
      .is_volatile = false,
      .is_live_only = true,
      .example = "SELECT reason, name, path FROM reboot_required WHERE unknown_reason IS NULL",
      .columns = {
          {"reason",
           kText,
           {"kernel: a newer one is installed than runs; requested: a package asks for a reboot; "
            "deleted_executable, deleted_library: a program runs on files that were replaced.",
            "kernel：已安裝的核心比執行中的新；requested：套件要求重新開機；deleted_executable、"
            "deleted_library：程式仍使用已被替換的檔案。"}},
          {"name",
           kText,
           {"Kernel release, package or program; NULL if no package is named.",
            "核心版本、套件或程式名稱；未指明套件則為 NULL。"}},
          {"path",
           kText,
           {"Executable of the program; NULL for other reasons.",
            "程式的執行檔；其他原因則為 NULL。"}},
          {"unit",
           kText,
           {"systemd unit of the program; NULL if it has none.",
            "程式所屬的 systemd unit；沒有則為 NULL。"}},
          {"running",
           kText,
           {"Version of the running kernel; NULL for other reasons.",
            "執行中核心的版本；其他原因則為 NULL。"}},
          {"installed",
           kText,
           {"Version of the newest installed kernel; NULL for other reasons, or if unknown.",
            "最新已安裝核心的版本；其他原因或未知則為 NULL。"}},
          {"file",
           kText,
           {"The first of the replaced files; NULL for other reasons.",
            "被替換檔案中的第一個；其他原因則為 NULL。"}},
          {"source", kText, {"Where it is known from.", "資訊來源。"}},
          {"unknown_reason",
           kText,
           {"Why it cannot be told whether there is such a reason; NULL where there is one.",
            "無法判定是否有此原因的理由；確有此原因則為 NULL。"}},
      }};
}

}  // namespace assay::evidence
