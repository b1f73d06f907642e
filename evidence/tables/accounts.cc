#include "evidence/tables/families.h"

namespace assay::evidence {
namespace {

using enum Type;

TableSpec users() {
  return {
      .name = "users",
      .version = 1,
      .meaning = {"Local accounts, as /etc/passwd lists them.", "本機帳號，依 /etc/passwd 所列。"},
      .privacy = Privacy::kPersonal,
      .origin = Origin::kHost,
      .is_volatile = false,
      .is_live_only = false,
      .example = "SELECT username FROM users WHERE uid = 0 AND username <> 'root'",
      .columns = {
          {"uid", kInteger, {"User ID, unsigned.", "使用者識別碼，無號整數。"}},
          {"gid", kInteger, {"ID of the primary group, unsigned.", "主要群組識別碼，無號整數。"}},
          {"uid_signed",
           kInteger,
           {"User ID read as a signed 32-bit number.", "以有號 32 位元整數表示的使用者識別碼。"}},
          {"gid_signed",
           kInteger,
           {"ID of the primary group read as a signed 32-bit number.",
            "以有號 32 位元整數表示的主要群組識別碼。"}},
          {"username", kText, {"Name of the account.", "帳號名稱。"}},
          {"description",
           kText,
           {"The comment field, often the person's name; may be empty.",
            "註解欄，常為使用者姓名；可為空字串。"}},
          {"directory", kText, {"Home directory.", "家目錄。"}},
          {"shell",
           kText,
           {"Program started at login; empty means /bin/sh.",
            "登入時執行的程式；空字串表示 /bin/sh。"}},
          {"uuid",
           kText,
           {"UUID of the account; NULL on Linux, which has none.",
            "帳號的 UUID；Linux 沒有此值，為 NULL。"}},
      }};
}

TableSpec groups() {
  return {
      .name = "groups",
      .version = 1,
      .meaning = {"Local groups, as /etc/group lists them.", "本機群組，依 /etc/group 所列。"},
      .privacy = Privacy::kPersonal,
      .origin = Origin::kHost,
      .is_volatile = false,
      .is_live_only = false,
      .example = "SELECT groupname FROM groups GROUP BY gid HAVING count(*) > 1",
      .columns = {
          {"gid", kInteger, {"Group ID, unsigned.", "群組識別碼，無號整數。"}},
          {"gid_signed",
           kInteger,
           {"Group ID read as a signed 32-bit number.", "以有號 32 位元整數表示的群組識別碼。"}},
          {"groupname", kText, {"Name of the group.", "群組名稱。"}},
      }};
}

TableSpec user_groups() {
  return {.name = "user_groups",
          .version = 1,
          .meaning = {"Which account belongs to which group, primary groups included.",
                      "帳號與群組的隸屬關係，含主要群組。"},
          .privacy = Privacy::kPersonal,
          .origin = Origin::kHost,
          .is_volatile = false,
          .is_live_only = false,
          .example =
              "SELECT username FROM user_groups JOIN users USING (uid) JOIN groups ON groups.gid = "
              "user_groups.gid WHERE groupname IN ('sudo', 'wheel')",
          .columns = {
              {"uid", kInteger, {"User ID, unsigned.", "使用者識別碼，無號整數。"}},
              {"gid", kInteger, {"Group ID, unsigned.", "群組識別碼，無號整數。"}},
          }};
}

TableSpec shadow() {
  return {
      .name = "shadow",
      .version = 1,
      .meaning = {"State and ageing of the accounts' passwords. Never holds a hash.",
                  "帳號密碼的狀態與效期，絕不含密碼雜湊值。"},
      .privacy = Privacy::kSensitive,
      .origin = Origin::kHost,
      .is_volatile = false,
      .is_live_only = false,
      .example =
          "SELECT username, max FROM shadow WHERE password_status = 'active' AND (max IS NULL OR "
          "max > 90)",
      .columns = {
          {"password_status",
           kText,
           {"active, locked, empty (logs in without password) or not_set.",
            "active（可用）、locked（鎖定）、empty（免密碼）或 not_set（未設定）。"}},
          {"hash_alg",
           kText,
           {"Algorithm mark of the hash, such as 6 or y, also of locked accounts; des or bsdi for "
            "a "
            "hash of that form without a mark; NULL if there is no hash or it cannot be told.",
            "雜湊演算法代號，例如 6、y，鎖定帳號亦列出；無代號但符合該格式者為 des 或 "
            "bsdi；沒有雜湊或無法判斷則為 NULL。"}},
          {"last_change",
           kInteger,
           {"Day of the last change, in days since 1970-01-01; 0: must be changed at next login; "
            "NULL: ageing is off.",
            "上次變更日，自 1970-01-01 起的天數；0：下次登入須變更；NULL：未啟用效期。"}},
          {"min",
           kInteger,
           {"Days before a password may be changed again; NULL: no limit.",
            "密碼最短使用天數；NULL：不限。"}},
          {"max",
           kInteger,
           {"Days after which a password must be changed; NULL: never.",
            "密碼最長使用天數；NULL：不須變更。"}},
          {"warning",
           kInteger,
           {"Days of warning before a password expires; NULL: none.",
            "密碼到期前的警告天數；NULL：不警告。"}},
          {"inactive",
           kInteger,
           {"Days after expiry during which the password still works; NULL: no limit.",
            "密碼到期後仍可使用的天數；NULL：不限。"}},
          {"expire",
           kInteger,
           {"Day the account expires, in days since 1970-01-01; NULL: never.",
            "帳號到期日，自 1970-01-01 起的天數；NULL：永不到期。"}},
          {"flag",
           kInteger,
           {"Reserved field of the file; NULL if empty, as it usually is.",
            "檔案的保留欄位；通常為空，即 NULL。"}},
          {"username", kText, {"Name of the account.", "帳號名稱。"}},
          {"source",
           kText,
           {"/etc/passwd where the password stands in that file, which everybody may read; else "
            "/etc/shadow.",
            "密碼記載於人人可讀的 /etc/passwd 者為 /etc/passwd，其餘為 /etc/shadow。"}},
      }};
}

TableSpec password_policy() {
  return {
      .name = "password_policy",
      .version = 1,
      .meaning =
          {"The password, ageing and lockout rules really in effect, worked out from PAM, "
           "login.defs and their settings files. One row per setting, always all settings.",
           "實際生效的密碼、效期與鎖定規則，由 PAM、login.defs 及其設定檔推得。每項設定一列，"
           "且必定全部列出。"},
      .privacy = Privacy::kSensitive,
      .origin = Origin::kHost,
      .is_volatile = false,
      .is_live_only = false,
      .example =
          "SELECT value, enforced, source, line FROM password_policy WHERE setting = 'minlen'",
      .columns = {
          {"setting",
           kText,
           {"Name of the setting: minlen, minclass, dcredit, ucredit, lcredit, ocredit, "
            "classes_required, remember, max_days, min_days, warn_age, inactive_days, "
            "lockout_deny, lockout_unlock_time, lockout_fail_interval, hash, nullok, enforce_root, "
            "dictcheck, usercheck, difok or maxrepeat.",
            "設定名稱：minlen、minclass、dcredit、ucredit、lcredit、ocredit、classes_required、"
            "remember、max_days、min_days、warn_age、inactive_days、lockout_deny、"
            "lockout_unlock_time、lockout_fail_interval、hash、nullok、enforce_root、dictcheck、"
            "usercheck、difok 或 maxrepeat。"}},
          {"value",
           kInteger,
           {"The value: a number, days (max_days, min_days, warn_age, inactive_days), seconds "
            "(lockout_unlock_time, where 0 never unlocks; lockout_fail_interval) or 1 and 0 for "
            "yes and no. NULL: a text setting, not in force, or not determinable (then note says "
            "why).",
            "數值：個數、天數（max_days、min_days、warn_age、inactive_days）、"
            "秒數（lockout_unlock_time，0 為永不自動解鎖；lockout_fail_interval），或以 1、0 "
            "表示是、否。NULL：屬文字設定、未生效或無法判定（原因見 note）。"}},
          {"text",
           kText,
           {"The value of a text setting, such as hash; NULL for numbers.",
            "文字設定的值，例如 hash；數值設定為 NULL。"}},
          {"enforced",
           kInteger,
           {"1: a module in force reads it; 0: nothing enforces it; NULL: not determinable.",
            "1：有生效的模組採用；0：沒有任何模組強制執行；NULL：無法判定。"}},
          {"origin",
           kText,
           {"configured, default (the module's own) or absent; NULL: not determinable.",
            "configured（已設定）、default（模組預設）或 absent（沒有）；NULL：無法判定。"}},
          {"source",
           kText,
           {"File that decides; NULL if no file does.", "決定此設定的檔案；沒有則為 NULL。"}},
          {"line",
           kInteger,
           {"Line in that file, counted from 1; NULL if no line decides.",
            "該檔案中的行號，從 1 起算；沒有則為 NULL。"}},
          {"note",
           kText,
           {"What a reader must know, such as why value is NULL; NULL if nothing.",
            "須知事項，例如 value 為何是 NULL；沒有則為 NULL。"}},
      }};
}

}  // namespace

std::span<const TableSpec> account_tables() {
  static const std::vector<TableSpec> kTables = {users(), groups(), user_groups(), shadow(),
                                                 password_policy()};
  return kTables;
}

}  // namespace assay::evidence
