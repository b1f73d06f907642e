#include "evidence/tables/families.h"

namespace assay::evidence {
namespace {

using enum Type;

TableSpec nfs_exports() {
  return {
      .name = "nfs_exports",
      .version = 1,
      .meaning = {"Folders that the NFS server gives out (/etc/exports and exports.d): one row for "
                  "each folder and client.",
                  "NFS 伺服器分享的資料夾（/etc/exports 與 exports.d）：每個資料夾與用戶端一列。"},
      .privacy = Privacy::kSensitive,
      .origin = Origin::kHost,
      .is_volatile = false,
      .is_live_only = false,
      .example =
          "SELECT share, client, options FROM nfs_exports WHERE readonly = 0 AND (client = '*' OR "
          "root_squash = 0)",
      .columns = {
          {"share", kText, {"Folder.", "資料夾。"}},
          {"client",
           kText,
           {"Host, network, netgroup or wildcard that may mount it; * is everybody.",
            "可掛載的主機、網段、netgroup 或萬用字元；* 表示任何人。"}},
          {"options",
           kText,
           {"Options as written; NULL if there are none.", "原文選項；沒有則為 NULL。"}},
          {"readonly",
           kInteger,
           {"1 if the client may only read, else 0.", "用戶端只能讀取為 1，否則為 0。"}},
          {"root_squash",
           kInteger,
           {"1 if the client's root counts as nobody, 0 if it keeps its power.",
            "用戶端的 root 視為 nobody 為 1；保有 root 權限為 0。"}},
          {"all_squash",
           kInteger,
           {"1 if all users of the client count as nobody, else 0.",
            "用戶端所有使用者都視為 nobody 為 1，否則為 0。"}},
          {"secure_port",
           kInteger,
           {"1 if requests must come from ports below 1024, else 0.",
            "要求必須來自 1024 以下的連接埠為 1，否則為 0。"}},
          {"security",
           kText,
           {"Value of sec=, as sys or krb5p; sys if the options do not say.",
            "sec= 的值，例如 sys 或 krb5p；選項未指定則為 sys。"}},
          {"source", kText, {"File.", "檔案。"}},
          {"line", kInteger, {"Line in the file.", "檔案中的行號。"}},
      }};
}

TableSpec samba_shares() {
  return {
      .name = "samba_shares",
      .version = 1,
      .meaning =
          {"Shares of Samba with the values in force after includes and defaults; the row global "
           "holds the settings of the whole server.",
           "Samba 分享的資料夾，值為套用 include 與預設值後的結果；global 列為整個伺服器的設定。"},
      .privacy = Privacy::kSensitive,
      .origin = Origin::kHost,
      .is_volatile = false,
      .is_live_only = false,
      .example = "SELECT share, path FROM samba_shares WHERE guest_ok = 1 AND read_only = 0",
      .columns = {
          {"share",
           kText,
           {"Name in lower case; global is the server itself, homes stands for the home of each "
            "user.",
            "小寫名稱；global 為伺服器本身，homes 代表每位使用者的家目錄。"}},
          {"path",
           kText,
           {"Folder; NULL if none is set, and for global.", "資料夾；未設定及 global 則為 NULL。"}},
          {"comment", kText, {"Description; NULL if there is none.", "說明；沒有則為 NULL。"}},
          {"available",
           kInteger,
           {"1 if the share is served, else 0; NULL for global.",
            "提供中為 1，否則為 0；global 則為 NULL。"}},
          {"browseable",
           kInteger,
           {"1 if it is shown in lists, else 0; NULL for global.",
            "顯示於清單為 1，否則為 0；global 則為 NULL。"}},
          {"guest_ok",
           kInteger,
           {"1 if no password is needed, else 0; NULL for global.",
            "不需密碼為 1，否則為 0；global 則為 NULL。"}},
          {"guest_only",
           kInteger,
           {"1 if all are treated as guests, else 0; NULL for global and for shares made by users.",
            "所有人都視為訪客為 1，否則為 0；global 與使用者自建的分享則為 NULL。"}},
          {"read_only",
           kInteger,
           {"1 if nobody may write (but for the write list), else 0; NULL for global.",
            "不可寫入（write list 除外）為 1，否則為 0；global 則為 NULL。"}},
          {"printable",
           kInteger,
           {"1 if it is a printer, else 0; NULL for global and for shares made by users.",
            "為印表機為 1，否則為 0；global 與使用者自建的分享則為 NULL。"}},
          {"valid_users",
           kText,
           {"Who may log in; NULL for all.", "可登入的使用者；全部則為 NULL。"}},
          {"write_list",
           kText,
           {"Who may write even if the share is read-only; NULL if nobody.",
            "唯讀時仍可寫入的使用者；沒有則為 NULL。"}},
          {"hosts_allow",
           kText,
           {"Hosts that are let in; NULL for all.", "允許的主機；全部則為 NULL。"}},
          {"hosts_deny",
           kText,
           {"Hosts that are kept out; NULL if none.", "拒絕的主機；沒有則為 NULL。"}},
          {"smb_encrypt",
           kText,
           {"Encryption: off, desired, required or default (if the client asks); NULL for shares "
            "made by users.",
            "加密：off、desired、required 或 default（用戶端要求時）；使用者自建的分享則為 "
            "NULL。"}},
          {"server_min_protocol",
           kText,
           {"Oldest protocol that is spoken, on row global; NULL if it is not set (SMB2_02 since "
            "Samba 4.11, NT1 before) and for shares.",
            "global 列：允許的最舊協定；未設定（Samba 4.11 起為 SMB2_02，之前為 NT1）及分享列則為 "
            "NULL。"}},
          {"server_signing",
           kText,
           {"Signing of packets, on row global; NULL for shares.",
            "global 列：封包簽章；分享列則為 NULL。"}},
          {"map_to_guest",
           kText,
           {"Who becomes a guest: Never, Bad User, Bad Password or Bad Uid, on row global; NULL "
            "for shares.",
            "global 列：哪些登入會轉為訪客：Never、Bad User、Bad Password 或 Bad Uid；分享列則為 "
            "NULL。"}},
          {"null_passwords",
           kInteger,
           {"1 if accounts without password may log in, else 0, on row global; NULL for shares.",
            "global 列：無密碼帳號可登入為 1，否則為 0；分享列則為 NULL。"}},
          {"ntlm_auth",
           kText,
           {"Which NTLM is taken, on row global; NULL if it is not set and for shares.",
            "global 列：接受的 NTLM 版本；未設定及分享列則為 NULL。"}},
          {"interfaces",
           kText,
           {"Interfaces or networks that are served, on row global; NULL for all and for shares.",
            "global 列：提供服務的介面或網段；全部及分享列則為 NULL。"}},
          {"bind_interfaces_only",
           kInteger,
           {"1 if only those interfaces are listened on, else 0, on row global; NULL for shares.",
            "global 列：只在這些介面等待連入為 1，否則為 0；分享列則為 NULL。"}},
          {"security",
           kText,
           {"How users are known: auto, user, ads or domain, on row global; NULL for shares.",
            "global 列：使用者驗證方式：auto、user、ads 或 domain；分享列則為 NULL。"}},
          {"source", kText, {"File.", "檔案。"}},
          {"line",
           kInteger,
           {"Line where the section begins; NULL for global and for shares made by users.",
            "區段開始的行號；global 與使用者自建的分享則為 NULL。"}},
          {"note",
           kText,
           {"What could not be followed or is special; NULL if there is nothing to add.",
            "無法追蹤或特別之處；無補充則為 NULL。"}},
      }};
}

TableSpec wifi_networks() {
  return {.name = "wifi_networks",
          .version = 1,
          .meaning = {"Wireless networks that this machine knows, and how they are protected. Keys "
                      "and passwords are never read into it.",
                      "本機已儲存的無線網路及其保護方式。金鑰與密碼一律不收集。"},
          .privacy = Privacy::kPersonal,
          .origin = Origin::kHost,
          .is_volatile = false,
          .is_live_only = false,
          .example =
              "SELECT ssid, security, source FROM wifi_networks WHERE security IN ('open', 'wep')",
          .columns = {
              {"ssid",
               kText,
               {"Name of the network; NULL if the profile has none.",
                "網路名稱；設定檔未記載則為 NULL。"}},
              {"security",
               kText,
               {"open, wep, wpa-psk (also old WPA is allowed), wpa2-psk, wpa3-sae, owe, wpa-eap or "
                "wpa3-eap; the weakest that is allowed; NULL if unknown.",
                "open、wep、wpa-psk（也允許舊版 WPA）、wpa2-psk、wpa3-sae、owe、wpa-eap 或 "
                "wpa3-eap；取允許的最弱者；不明則為 NULL。"}},
              {"hidden",
               kInteger,
               {"1 if the network is asked for by name because it does not announce itself, else "
                "0; NULL if unknown.",
                "因網路不廣播名稱而主動以名稱探詢為 1，否則為 0；不明則為 NULL。"}},
              {"autoconnect",
               kInteger,
               {"1 if the machine connects by itself, else 0; NULL if unknown.",
                "自動連線為 1，否則為 0；不明則為 NULL。"}},
              {"interface",
               kText,
               {"Interface that the profile is for; NULL for any.",
                "設定檔所屬的網路介面；任何介面則為 NULL。"}},
              {"manager",
               kText,
               {"Program that uses the profile: NetworkManager, wpa_supplicant, iwd, ifupdown or "
                "wicked.",
                "使用此設定檔的程式：NetworkManager、wpa_supplicant、iwd、ifupdown 或 wicked。"}},
              {"source", kText, {"File of the profile.", "設定檔路徑。"}},
              {"note",
               kText,
               {"Why a value is missing or less exact; NULL if there is nothing to add.",
                "值缺漏或較不精確的原因；無補充則為 NULL。"}},
          }};
}

}  // namespace

std::span<const TableSpec> shares_tables() {
  static const std::vector<TableSpec> kTables = {nfs_exports(), samba_shares(), wifi_networks()};
  return kTables;
}

}  // namespace assay::evidence
