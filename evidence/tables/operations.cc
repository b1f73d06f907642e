#include "evidence/tables/families.h"

namespace assay::evidence {
namespace {

using enum Type;

TableSpec clock_state() {
  return {
      .name = "clock_state",
      .version = 1,
      .meaning = {"What the kernel knows of its clock at the moment of the look; one row.",
                  "查看當下核心所記錄的時鐘狀態；僅一列。"},
      .privacy = Privacy::kPublic,
      .origin = Origin::kHost,
      .is_volatile = true,
      .is_live_only = true,
      .example = "SELECT offset_us FROM clock_state WHERE synchronised = 1",
      .columns = {
          {"synchronised",
           kInteger,
           {"1: a program keeps the clock right, as it told the kernel; 0: none does.",
            "1：已有程式校正時鐘並通知核心；0：未校正。"}},
          {"offset_us",
           kInteger,
           {"Difference still to be made up for, in microseconds.", "尚待修正的偏差（微秒）。"}},
          {"estimated_error_us",
           kInteger,
           {"Estimated error, in microseconds.", "估計誤差（微秒）。"}},
          {"maximum_error_us", kInteger, {"Maximum error, in microseconds.", "最大誤差（微秒）。"}},
          {"frequency_ppb",
           kInteger,
           {"Correction of the clock's rate, in parts per billion.",
            "時鐘頻率修正值（十億分之一）。"}},
      }};
}

TableSpec logging() {
  return {
      .name = "logging",
      .version = 1,
      .meaning =
          {"Whether logs are kept, for how long, who may read them, and where else they go: one "
           "row for each setting of journald, rsyslog, syslog-ng, auditd and logrotate that is in "
           "force. Settings: installed, running, enabled (of the component); configuration (1: all "
           "of its files were understood); persistent, storage, max_use_bytes, "
           "max_retention_seconds, max_file_seconds, forward_to_syslog, compress, seal (journald); "
           "file, dynamic_file, forward, forward_tls, forward_selector, receives, "
           "file_create_mode, file_create_owner, file_create_group (syslog daemons); file_mode, "
           "file_owner, file_group (as the files are now); max_log_file_action, num_logs, "
           "max_log_file, space_left, space_left_action, admin_space_left_action, "
           "disk_full_action, disk_error_action, log_group, write_logs, rules, rules_immutable "
           "(auditd); retention_days (journald, logrotate, auditd).",
           "日誌是否保存、保存多久、誰可讀取、是否另送他處：journald、rsyslog、syslog-ng、auditd "
           "及 "
           "logrotate 每項生效設定一列。設定項目：installed、running、enabled（元件本身）；"
           "configuration（1：其設定檔均可解讀）；persistent、storage、max_use_bytes、"
           "max_retention_seconds、max_file_seconds、forward_to_"
           "syslog、compress、seal（journald）；"
           "file、dynamic_file、forward、forward_tls、forward_selector、receives、"
           "file_create_mode、file_create_owner、file_create_group（syslog 服務）；file_mode、"
           "file_owner、file_group（檔案現況）；max_log_file_action、num_logs、max_log_file、"
           "space_left、space_left_action、admin_space_left_action、disk_full_action、"
           "disk_error_action、log_group、write_logs、rules、rules_immutable（auditd）；"
           "retention_days（journald、logrotate、auditd）。"},
      .privacy = Privacy::kSensitive,
      .origin = Origin::kHost,
      .is_volatile = false,
      .is_live_only = false,
      .example =
          "SELECT target, value AS days, text, source, line FROM logging WHERE setting = "
          "'retention_days' AND value < 180",
      .columns = {
          {"component",
           kText,
           {"The daemon that the setting belongs to; 'system' for files of the system itself.",
            "設定所屬的服務；屬於系統本身的檔案為 'system'。"}},
          {"setting", kText, {"Which setting; see above.", "設定項目，見上。"}},
          {"target",
           kText,
           {"The file, folder, pattern of files, host or port that the setting is about; NULL if "
            "it "
            "is about the component as a whole.",
            "設定所指的檔案、資料夾、檔名樣式、主機或連接埠；若指整個元件則為 NULL。"}},
          {"value",
           kInteger,
           {"The setting as a number: 1 or 0, days, seconds, bytes, permission bits, uid or gid; "
            "NULL if it is no number or not determinable.",
            "以數字表示的設定值：1 或 0、天數、秒數、位元組數、權限位元、uid 或 gid；"
            "不是數字或無法判定則為 NULL。"}},
          {"text",
           kText,
           {"The setting as text: as it is written, a protocol, a mode in octal, a name; "
            "'unlimited...' for a log that is never removed; NULL if the number says all.",
            "以文字表示的設定值：原文、通訊協定、八進位權限、名稱；永不刪除的日誌為 "
            "'unlimited...'；數字已足以表示則為 NULL。"}},
          {"source",
           kText,
           {"File that decides; NULL if it is a built-in default.",
            "決定此設定的檔案；若為內建預設值則為 NULL。"}},
          {"line",
           kInteger,
           {"Line of that file; NULL if no line decides.",
            "該檔案的行號；並非由某一行決定則為 NULL。"}},
          {"note",
           kText,
           {"Why a value is NULL, or what else to know; NULL if nothing needs saying.",
            "數值為何是 NULL，或其他說明；無須說明則為 NULL。"}},
      }};
}

TableSpec time_sync() {
  return {
      .name = "time_sync",
      .version = 1,
      .meaning =
          {"Who sets the clock and from where: one row of the kernel, and one for each source of "
           "time that the settings of an installed daemon name.",
           "由何者、依何來源校時：核心一列，並就已安裝校時服務設定中的每一時間來源各列一列。"},
      .privacy = Privacy::kPublic,
      .origin = Origin::kHost,
      .is_volatile = false,
      .is_live_only = false,
      .example = "SELECT service, kind, server FROM time_sync WHERE running = 1",
      .columns = {
          {"service",
           kText,
           {"chrony, systemd-timesyncd, ntpd, openntpd, ..., or 'kernel'.",
            "chrony、systemd-timesyncd、ntpd、openntpd 等，或 'kernel'。"}},
          {"kind",
           kText,
           {"server, pool, peer, refclock (a clock of the machine), fallback, dhcp, ptp, guest (a "
            "hypervisor's clock), clock (the kernel's row), none (no source is set), unknown "
            "(settings that were not understood).",
            "server、pool、peer、refclock（本機時鐘）、fallback、dhcp、ptp、guest（虛擬化平台時鐘）"
            "、"
            "clock（核心該列）、none（未設定來源）、unknown（無法解讀的設定）。"}},
          {"server",
           kText,
           {"Name or address of the source; NULL if it has none.",
            "來源名稱或位址；沒有則為 NULL。"}},
          {"authenticated",
           kInteger,
           {"1: answers are proven by NTS or a key; 0: they are not; NULL if that does not apply.",
            "1：以 NTS 或金鑰驗證回應；0：未驗證；不適用則為 NULL。"}},
          {"installed",
           kInteger,
           {"1: the daemon is installed; 0: only traces are left; NULL if not determinable.",
            "1：已安裝；0：僅有殘留；無法判定則為 NULL。"}},
          {"running",
           kInteger,
           {"1: the daemon runs; 0: it does not; NULL if not determinable.",
            "1：執行中；0：未執行；無法判定則為 NULL。"}},
          {"enabled",
           kInteger,
           {"1: it starts with the system; 0: it does not; NULL if not determinable.",
            "1：隨系統啟動；0：不會；無法判定則為 NULL。"}},
          {"synchronised",
           kInteger,
           {"In the kernel's row: 1: the clock is kept right; 0: it is not; NULL in all other rows "
            "or if not determinable.",
            "核心該列：1：時鐘已同步；0：未同步；其他列或無法判定則為 NULL。"}},
          {"source",
           kText,
           {"Where this is known from; NULL if nowhere is named.", "資訊來源；未指明則為 NULL。"}},
          {"line",
           kInteger,
           {"Line of that file; NULL if no line decides.",
            "該檔案的行號；並非由某一行決定則為 NULL。"}},
          {"note",
           kText,
           {"Why a column is NULL, or what else to know; NULL if nothing needs saying.",
            "欄位為何是 NULL，或其他說明；無須說明則為 NULL。"}},
      }};
}

TableSpec remote_access() {
  const auto redirection = [](std::string name, const std::string& what, const std::string& zh) {
    return ColumnSpec{std::move(name),
                      kInteger,
                      {"1: " + what + "; 0: not; NULL if not determinable.",
                       "1：" + zh + "；0：否；無法判定則為 NULL。"}};
  };
  return {
      .name = "remote_access",
      .version = 1,
      .meaning =
          {"Programs through which a person can work on this machine from afar: shells, desktops, "
           "VNC, tools that go through their maker's servers, tunnels, web consoles. No row: none "
           "that Assay knows.",
           "可供人員自遠端操作本機的程式：命令列、桌面、VNC、經由廠商伺服器的遠端工具、通道、"
           "網頁主控台。沒有任何一列：未發現 Assay 認得的程式。"},
      .privacy = Privacy::kSensitive,
      .origin = Origin::kHost,
      .is_volatile = false,
      .is_live_only = false,
      .example = "SELECT kind, name, ports FROM remote_access WHERE running = 1 OR enabled = 1",
      .columns = {
          {"kind",
           kText,
           {"shell, desktop, vnc, vendor (through its maker's servers), tunnel, web_console.",
            "shell、desktop、vnc、vendor（經由廠商伺服器）、tunnel、web_console。"}},
          {"name", kText, {"Name of the product.", "產品名稱。"}},
          {"version",
           kText,
           {"Version of its package; NULL if not determinable.", "套件版本；無法判定則為 NULL。"}},
          {"installed",
           kInteger,
           {"1: installed; 0: only traces are left; NULL if not determinable.",
            "1：已安裝；0：僅有殘留；無法判定則為 NULL。"}},
          {"running",
           kInteger,
           {"1: it runs; 0: it does not; NULL if not determinable.",
            "1：執行中；0：未執行；無法判定則為 NULL。"}},
          {"enabled",
           kInteger,
           {"1: it starts with the system; 0: it does not; NULL if not determinable.",
            "1：隨系統啟動；0：不會；無法判定則為 NULL。"}},
          {"listens",
           kInteger,
           {"1: it runs and one of its ports is open; 0: not; NULL if not determinable. The table "
            "listening_ports tells which program holds a port.",
            "1：執行中且其連接埠之一已開啟；0：否；無法判定則為 NULL。"
            "連接埠由哪個程式開啟，請見 listening_ports。"}},
          {"ports",
           kText,
           {"Ports that its settings name, else its usual ones, with commas; NULL if it has none.",
            "設定所指定的連接埠，否則為其慣用連接埠，以逗號分隔；沒有則為 NULL。"}},
          redirection("drive_redirection", "drives or files can be passed on", "可轉送磁碟或檔案"),
          redirection("clipboard_redirection", "the clipboard can be passed on", "可轉送剪貼簿"),
          redirection("printer_redirection", "printers can be passed on", "可轉送印表機"),
          redirection("usb_redirection", "USB devices can be passed on", "可轉送 USB 裝置"),
          {"authentication",
           kText,
           {"How it lets people in, as its settings say: pam, password, or the security types of "
            "VNC; NULL if not determinable.",
            "依設定的登入驗證方式：pam、password 或 VNC 的安全類型；無法判定則為 NULL。"}},
          {"encryption",
           kText,
           {"ssh, tls, negotiate, rdp, optional or none, as its settings say; NULL if not "
            "determinable.",
            "依設定的加密方式：ssh、tls、negotiate、rdp、optional 或 none；無法判定則為 NULL。"}},
          {"root_login",
           kInteger,
           {"1: root may log in through it; 0: not; NULL if not determinable.",
            "1：root 可由此登入；0：否；無法判定則為 NULL。"}},
          {"idle_timeout_seconds",
           kInteger,
           {"Seconds without activity after which it disconnects; 0: never; NULL if not "
            "determinable.",
            "閒置多少秒後斷線；0：永不；無法判定則為 NULL。"}},
          {"source",
           kText,
           {"Where this is known from; NULL if nowhere is named.", "資訊來源；未指明則為 NULL。"}},
          {"note",
           kText,
           {"Why a column is NULL, or what else to know; NULL if nothing needs saying.",
            "欄位為何是 NULL，或其他說明；無須說明則為 NULL。"}},
      }};
}

}  // namespace

std::span<const TableSpec> operations_tables() {
  static const std::vector<TableSpec> kTables = {clock_state(), logging(), time_sync(),
                                                 remote_access()};
  return kTables;
}

}  // namespace assay::evidence
