#include "evidence/tables/families.h"

namespace assay::evidence {
namespace {

using enum Type;

ColumnSpec line_of_source() {
  return {"line",
          kInteger,
          {"Line in that file, counted from 1; NULL if no line says it.",
           "該檔案中的行號，從 1 起算；沒有對應的行則為 NULL。"}};
}

ColumnSpec note() {
  return {"note",
          kText,
          {"What a reader must know, such as why a value is NULL; NULL if nothing.",
           "須知事項，例如某欄為何是 NULL；沒有則為 NULL。"}};
}

TableSpec last_logins() {
  return {
      .name = "last_logins",
      .version = 1,
      .meaning = {"When each account logged in last, from wtmp, lastlog, lastlog2 and wtmpdb. One "
                  "row for each account, also for those that never did.",
                  "各帳號最近一次登入，取自 wtmp、lastlog、lastlog2 與 wtmpdb。每個帳號一列，"
                  "沒有登入紀錄的帳號亦列出。"},
      .privacy = Privacy::kSensitive,
      .origin = Origin::kHost,
      .is_volatile = true,
      .is_live_only = false,
      .example =
          "SELECT username, recorded_since FROM last_logins JOIN shadow USING (username) "
          "WHERE password_status = 'active' AND time IS NULL",
      .columns = {
          {"uid",
           kInteger,
           {"User ID; NULL for a name that is no local account: of a directory, or removed.",
            "使用者識別碼；非本機帳號（屬目錄服務或已刪除）則為 NULL。"}},
          {"username", kText, {"Name of the account.", "帳號名稱。"}},
          {"time",
           kInteger,
           {"Time of the last login, in seconds since 1970-01-01 UTC; NULL: none is recorded (see "
            "recorded_since).",
            "最近一次登入時間，自 1970-01-01 UTC 起的秒數；NULL：沒有紀錄（參見 "
            "recorded_since）。"}},
          {"tty",
           kText,
           {"Terminal of that login; NULL if none is recorded.",
            "該次登入的終端機；沒有紀錄則為 NULL。"}},
          {"host",
           kText,
           {"Remote host of that login; NULL for a local one or if none is recorded.",
            "該次登入的來源主機；本機登入或沒有紀錄則為 NULL。"}},
          {"source",
           kText,
           {"File that records that login; NULL if none does.",
            "記載該次登入的檔案；沒有則為 NULL。"}},
          {"recorded_since",
           kInteger,
           {"Time of the oldest record of this machine, in seconds since 1970-01-01 UTC: what was "
            "before is not known; NULL: not known, or nothing is recorded.",
            "本機最早一筆紀錄的時間，自 1970-01-01 UTC 起的秒數，更早的登入不得而知；NULL："
            "無從得知或沒有任何紀錄。"}},
          note(),
      }};
}

TableSpec sudoers() {
  return {
      .name = "sudoers",
      .version = 1,
      .meaning =
          {"Who may run what as whom with sudo or doas, from all their files in the order in "
           "which they are read; the last matching rule counts. A rule has a row for each of "
           "its users and groups. Arguments of commands are left out.",
           "誰可透過 sudo 或 doas 以何身分執行何指令，依其讀取各設定檔的順序；"
           "以最後符合的規則為準。一條規則對每個使用者或群組各有一列。指令的參數不予列出。"},
      .privacy = Privacy::kSensitive,
      .origin = Origin::kHost,
      .is_volatile = false,
      .is_live_only = false,
      .example =
          "SELECT who, commands, source, line FROM sudoers WHERE as_root = 1 AND password = "
          "'none'",
      .columns = {
          {"source", kText, {"File of the line.", "該行所在的檔案。"}},
          {"header",
           kText,
           {"First word of the line; NULL for a line that is not understood.",
            "該行的第一個字詞；無法解讀的行為 NULL。"}},
          {"rule_details",
           kText,
           {"Rest of the line, with an ellipsis for arguments of commands; NULL for a line that is "
            "not understood.",
            "該行其餘內容，指令的參數以 … 代替；無法解讀的行為 NULL。"}},
          {"line",
           kInteger,
           {"Number of the line, of continued lines the first, counted from 1.",
            "行號，續行以首行為準，從 1 起算。"}},
          {"position",
           kInteger,
           {"Place among the lines of all files as sudo reads them, counted from 1.",
            "在所有檔案中依 sudo 讀取順序的位置，從 1 起算。"}},
          {"kind",
           kText,
           {"rule, alias, defaults, include, or invalid: not understood.",
            "rule（規則）、alias（別名）、defaults（預設值）、include（引入）或 "
            "invalid（無法解讀）。"}},
          {"who",
           kText,
           {"User, %group, #uid, %#gid, +netgroup or ALL, aliases written out, with ! if left out "
            "of the rule; NULL if the line is no rule.",
            "使用者、%群組、#uid、%#gid、+netgroup 或 ALL，別名已展開，被排除者前加 !；"
            "該行不是規則則為 NULL。"}},
          {"hosts",
           kText,
           {"Hosts on which the rule holds, aliases written out; NULL if the line is no rule.",
            "規則適用的主機，別名已展開；該行不是規則則為 NULL。"}},
          {"runas_users",
           kText,
           {"As whom the commands may be run, aliases written out; NULL: only as the caller, or "
            "the line is no rule.",
            "可用哪些使用者身分執行，別名已展開；NULL：僅呼叫者本人，或該行不是規則。"}},
          {"runas_groups",
           kText,
           {"With which groups the commands may be run; NULL if none is named.",
            "可用哪些群組身分執行；未指定則為 NULL。"}},
          {"as_root",
           kInteger,
           {"1: the commands may be run as root; 0: not; NULL if the line is no rule.",
            "1：可用 root 身分執行；0：不可；該行不是規則則為 NULL。"}},
          {"all_commands",
           kInteger,
           {"1: the commands include ALL; 0: not; NULL if the line is no rule.",
            "1：指令包含 ALL；0：不包含；該行不是規則則為 NULL。"}},
          {"password",
           kText,
           {"Whose password is asked for: own, root, target, runas_default or none; NULL: it "
            "depends (see note), or the line is no rule.",
            "要求輸入誰的密碼：own（本人）、root、target（目標使用者）、runas_default 或 "
            "none（不需密碼）；NULL：視情況而定（參見 note），或該行不是規則。"}},
          {"tags",
           kText,
           {"Tags and options as written, such as NOPASSWD or SETENV; NULL if none.",
            "所寫的標籤與選項，例如 NOPASSWD、SETENV；沒有則為 NULL。"}},
          {"commands",
           kText,
           {"Commands, aliases written out, with an ellipsis for arguments; NULL if the line is no "
            "rule.",
            "指令，別名已展開，參數以 … 代替；該行不是規則則為 NULL。"}},
          note(),
      }};
}

TableSpec authorized_keys() {
  return {
      .name = "authorized_keys",
      .version = 1,
      .meaning =
          {"Keys with which one may log in by SSH, from all files that sshd would look into. "
           "Never holds a key.",
           "可用於 SSH 登入的金鑰，取自 sshd 會查閱的所有檔案；絕不含金鑰本身。"},
      .privacy = Privacy::kSensitive,
      .origin = Origin::kHost,
      .is_volatile = false,
      .is_live_only = false,
      .example =
          "SELECT username, key_file, algorithm, bits FROM authorized_keys WHERE algorithm = "
          "'ssh-dss' OR (algorithm = 'ssh-rsa' AND bits < 2048)",
      .columns = {
          {"uid",
           kInteger,
           {"User ID of the account; NULL for what counts for all accounts.",
            "帳號的使用者識別碼；適用於所有帳號者為 NULL。"}},
          {"algorithm",
           kText,
           {"Algorithm of the key, such as ssh-ed25519; NULL if the row is no key.",
            "金鑰演算法，例如 ssh-ed25519；該列不是金鑰則為 NULL。"}},
          {"options",
           kText,
           {"Options of the line; forced commands and environment settings by name only; NULL if "
            "none.",
            "該行的選項；強制指令與環境變數僅列名稱；沒有則為 NULL。"}},
          {"comment",
           kText,
           {"Comment behind the key; NULL if none.", "金鑰之後的註解；沒有則為 NULL。"}},
          {"key_file",
           kText,
           {"File of the key; NULL for keys that a program of sshd's names.",
            "金鑰所在的檔案；由 sshd 所呼叫的程式提供者為 NULL。"}},
          {"username",
           kText,
           {"Name of the account; NULL for what counts for all accounts.",
            "帳號名稱；適用於所有帳號者為 NULL。"}},
          {"line",
           kInteger,
           {"Line in that file, counted from 1; NULL if the row is no line.",
            "該檔案中的行號，從 1 起算；該列不對應任何行則為 NULL。"}},
          {"bits",
           kInteger,
           {"Length of the key in bits; NULL if the algorithm is not known or the row is no key.",
            "金鑰長度（位元）；演算法不明或該列不是金鑰則為 NULL。"}},
          {"fingerprint",
           kText,
           {"Fingerprint as ssh-keygen shows it, with SHA256: before it; NULL if the row is no "
            "key.",
            "指紋，格式同 ssh-keygen（SHA256:…）；該列不是金鑰則為 NULL。"}},
          {"cert_authority",
           kInteger,
           {"1: whoever this key signs may log in; 0: the key itself; NULL if the row is no key.",
            "1：由此金鑰簽發者皆可登入；0：金鑰本身；該列不是金鑰則為 NULL。"}},
          {"state",
           kText,
           {"key; invalid: sshd passes over the line; not_read: the file could not be read; "
            "external: keys come from elsewhere.",
            "key（金鑰）；invalid：sshd 會略過該行；not_read：檔案無法讀取；external："
            "金鑰來自他處。"}},
          note(),
      }};
}

TableSpec mfa() {
  return {
      .name = "mfa",
      .version = 1,
      .meaning =
          {"Second factors of the services through which people log in or gain rights, worked "
           "out from PAM and sshd. A service without any has a row that says so.",
           "登入或取得權限的各項服務所用的第二因素，由 PAM 與 sshd 設定推得。"
           "沒有第二因素的服務亦有一列說明。"},
      .privacy = Privacy::kSensitive,
      .origin = Origin::kHost,
      .is_volatile = false,
      .is_live_only = false,
      .example = "SELECT service FROM mfa GROUP BY service HAVING max(coalesce(required, 0)) = 0",
      .columns = {
          {"service",
           kText,
           {"PAM service, such as sshd, login, sudo or gdm-password.",
            "PAM 服務，例如 sshd、login、sudo、gdm-password。"}},
          {"factor",
           kText,
           {"Kind: one_time_code, fido, yubikey, push, smartcard, radius, tacacs, securid, "
            "identity_provider, sshd_methods (sshd itself asks for several) or none.",
            "種類：one_time_code（一次性密碼）、fido、yubikey、push（推播）、smartcard（智慧卡）、"
            "radius、tacacs、securid、identity_provider（身分提供者）、sshd_methods（sshd "
            "自行要求多種方式）或 none（沒有）。"}},
          {"module",
           kText,
           {"PAM module; NULL if it is none of PAM's.", "PAM 模組；非 PAM 模組則為 NULL。"}},
          {"control",
           kText,
           {"Control field of the PAM line, or value of sshd's setting; NULL if there is no line.",
            "PAM 該行的控制欄，或 sshd 設定的值；沒有對應的行則為 NULL。"}},
          {"required",
           kInteger,
           {"1: no login without a second factor; 0: one succeeds without, at least for some; "
            "NULL: "
            "not determinable (then note says why).",
            "1：沒有第二因素即無法登入；0：至少部分情況不需要；NULL：無法判定（原因見 note）。"}},
          {"source",
           kText,
           {"File that says it; NULL if no file does.", "載有此設定的檔案；沒有則為 NULL。"}},
          line_of_source(),
          note(),
      }};
}

TableSpec login_settings() {
  return {
      .name = "login_settings",
      .version = 1,
      .meaning =
          {"Settings that hold for every login: idle time-outs, umask, automatic login, where "
           "root may log in, banners. A setting that nothing sets has a row that says so.",
           "適用於所有登入的設定：閒置逾時、umask、自動登入、root "
           "可登入的終端機、登入訊息。未設定的項目亦有一列說明。"},
      .privacy = Privacy::kSensitive,
      .origin = Origin::kHost,
      .is_volatile = false,
      .is_live_only = false,
      .example =
          "SELECT value, is_readonly, source, line FROM login_settings WHERE setting = 'TMOUT' "
          "AND (seconds IS NULL OR seconds > 900)",
      .columns = {
          {"setting",
           kText,
           {"TMOUT, autologout (C shells), umask, home_mode, console_idle, logind_IdleAction, "
            "logind_IdleActionSec, securetty, banner or autologin.",
            "TMOUT、autologout（C shell）、umask、home_mode、console_idle、logind_IdleAction、"
            "logind_IdleActionSec、securetty、banner（登入訊息）或 autologin（自動登入）。"}},
          {"scope",
           kText,
           {"What it holds for: sh, csh, login.defs, pam_umask, logind, login, a display manager, "
            "getty, or the banner's file.",
            "適用對象：sh、csh、login.defs、pam_umask、logind、login、顯示管理員、getty，"
            "或登入訊息的檔名。"}},
          {"value",
           kText,
           {"The value as written; the account for autologin; present, empty or absent for banner; "
            "NULL: not set, or worked out only at login.",
            "所寫的值；autologin 為帳號；banner 為 present（有內容）、empty（空白）或 "
            "absent（沒有）；NULL：未設定，或登入時才決定。"}},
          {"seconds",
           kInteger,
           {"The value in seconds; NULL if it is no time or not known.",
            "以秒表示的值；不是時間或無從得知則為 NULL。"}},
          {"is_readonly",
           kInteger,
           {"1: users cannot change it; 0: they can; NULL for settings that are no shell variable.",
            "1：使用者不可變更；0：可變更；不是 shell 變數的設定為 NULL。"}},
          {"is_exported",
           kInteger,
           {"1: handed on to programs; 0: not; NULL for settings that are no shell variable.",
            "1：會傳給所執行的程式；0：不會；不是 shell 變數的設定為 NULL。"}},
          {"in_force",
           kInteger,
           {"1: something reads it; 0: nothing does, or it is not set; NULL: it depends (see "
            "note).",
            "1：確實生效；0：未生效或未設定；NULL：視情況而定（參見 note）。"}},
          {"source",
           kText,
           {"File that says it; NULL if no file does.", "載有此設定的檔案；沒有則為 NULL。"}},
          line_of_source(),
          note(),
      }};
}

TableSpec account_sources() {
  return {
      .name = "account_sources",
      .version = 1,
      .meaning = {"Where this machine takes accounts, groups and rights from: its own files, or a "
                  "directory whose password rules it does not know.",
                  "本機帳號、群組與權限的來源：本機檔案，或目錄服務（其密碼規則本機無從得知）。"},
      .privacy = Privacy::kSensitive,
      .origin = Origin::kHost,
      .is_volatile = false,
      .is_live_only = false,
      .example =
          "SELECT domain, provider, note FROM account_sources WHERE database = 'passwd' AND "
          "kind NOT IN ('local', 'systemd')",
      .columns = {
          {"database",
           kText,
           {"passwd, group, shadow or sudoers.", "passwd、group、shadow 或 sudoers。"}},
          {"position",
           kInteger,
           {"Place in the order in which sources are asked, counted from 1.",
            "查詢順序中的位置，從 1 起算。"}},
          {"source",
           kText,
           {"Name of the source as nsswitch.conf has it, such as files or sss.",
            "來源名稱，依 nsswitch.conf 所列，例如 files、sss。"}},
          {"kind",
           kText,
           {"local, sss, winbind, ldap, nis, ad, identity_provider, systemd or unknown.",
            "local（本機檔案）、sss、winbind、ldap、nis、ad、identity_provider（身分提供者）、"
            "systemd 或 unknown（不明）。"}},
          {"domain",
           kText,
           {"Domain that the source serves; NULL if it has none or none is configured.",
            "該來源所屬網域；沒有或未設定則為 NULL。"}},
          {"provider",
           kText,
           {"How the domain is asked, such as ad, ipa or ldap; NULL if there is none.",
            "查詢該網域的方式，例如 ad、ipa、ldap；沒有則為 NULL。"}},
          {"realm",
           kText,
           {"Kerberos realm; NULL if there is none.", "Kerberos 領域；沒有則為 NULL。"}},
          {"file",
           kText,
           {"File that lists the source; NULL: none does, the system's own default holds.",
            "列出該來源的檔案；NULL：沒有此檔，依系統內建預設。"}},
          line_of_source(),
          {"domain_file",
           kText,
           {"File that names the domain; NULL if none does.", "載有該網域的檔案；沒有則為 NULL。"}},
          note(),
      }};
}

}  // namespace

std::span<const TableSpec> access_tables() {
  static const std::vector<TableSpec> kTables = {
      last_logins(), sudoers(), authorized_keys(), mfa(), login_settings(), account_sources()};
  return kTables;
}

}  // namespace assay::evidence
