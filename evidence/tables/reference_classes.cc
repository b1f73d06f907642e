#include "evidence/tables/families.h"

namespace assay::evidence {
namespace {

using enum Type;

TableSpec port_classes() {
  return {
      .name = "port_classes",
      .version = 1,
      .meaning = {"Well-known ports whose service deserves attention, and what to use instead.",
                  "服務值得留意的知名連接埠，以及替代方案。"},
      .privacy = Privacy::kPublic,
      .origin = Origin::kReference,
      .is_volatile = false,
      .is_live_only = false,
      .example = "SELECT port, service, replacement FROM port_classes WHERE class = 'cleartext'",
      .columns = {
          {"port", kInteger, {"Port number.", "連接埠號碼。"}},
          {"protocol", kInteger, {"6: TCP; 17: UDP.", "6：TCP；17：UDP。"}},
          {"service", kText, {"Name of the service.", "服務名稱。"}},
          {"class",
           kText,
           {"cleartext, remote_access, legacy, database, file_sharing or management.",
            "cleartext（明文傳輸）、remote_access（遠端存取）、legacy（老舊）、database（資料庫）、"
            "file_sharing（檔案分享）或 management（管理）。"}},
          {"replacement",
           kText,
           {"What to use instead; NULL if nothing replaces it.", "替代方案；沒有則為 NULL。"}},
      }};
}

TableSpec software_classes() {
  return {.name = "software_classes",
          .version = 1,
          .meaning = {"What kind of software a package is, where policies speak of it.",
                      "政策所提及的軟體類別，以及各套件所屬類別。"},
          .privacy = Privacy::kPublic,
          .origin = Origin::kReference,
          .is_volatile = false,
          .is_live_only = false,
          .example = "SELECT product, package FROM software_classes WHERE class = 'peer_to_peer'",
          .columns = {
              {"class",
               kText,
               {"peer_to_peer, remote_control, instant_messaging, artificial_intelligence, "
                "file_sharing, database, web_server, mail_server, dns_server, directory_server, "
                "proxy, vpn, virtualization, container_engine, hacking_tool, cryptocurrency, game, "
                "desktop, compiler or backup.",
                "peer_to_peer（點對點分享）、remote_control（遠端控制）、instant_"
                "messaging（即時通訊）、artificial_intelligence（人工智慧）、file_"
                "sharing（檔案分享）、database（資料庫）、web_server（網站伺服器）、mail_"
                "server（郵件伺服器）、dns_server、directory_"
                "server（目錄服務）、proxy（代理伺服器）、vpn、virtualization（虛擬化）、container_"
                "engine（容器引擎）、hacking_"
                "tool（攻擊或側錄工具）、cryptocurrency（虛擬貨幣）、game（遊戲）、desktop（桌面環"
                "境）、compiler（編譯工具）或 backup（備份）。"}},
              {"product", kText, {"Name of the product.", "產品名稱。"}},
              {"kind",
               kText,
               {"deb, rpm, apk, snap, flatpak, python, npm, java, go, container or process.",
                "deb、rpm、apk、snap、flatpak、python、npm、java、go、container（容器映像）或 "
                "process（處理程序）。"}},
              {"package",
               kText,
               {"GLOB pattern on the package's or process's name.",
                "比對套件或處理程序名稱的 GLOB 樣式。"}},
              {"note", kText, {"What else to know; NULL if nothing.", "其他說明；沒有則為 NULL。"}},
          }};
}

TableSpec harmful_products() {
  return {
      .name = "harmful_products",
      .version = 1,
      .meaning = {"Products that may not be used because they endanger national cyber security or "
                  "the company has banned them.",
                  "因危害國家資通安全或公司禁用而不得使用的產品。"},
      .privacy = Privacy::kPublic,
      .origin = Origin::kReference,
      .is_volatile = false,
      .is_live_only = false,
      .example = "SELECT vendor, product, pattern FROM harmful_products WHERE kind = 'publisher'",
      .columns = {
          {"vendor", kText, {"Vendor.", "廠商。"}},
          {"product",
           kText,
           {"Product, or the vendor's products as a whole.", "產品，或該廠商全部產品。"}},
          {"kind",
           kText,
           {"What the pattern is compared with: package, publisher, process, path, mac (first "
            "digits of a hardware address), dns or image.",
            "樣式比對的對象：package（套件名稱）、publisher（發行者）、process（處理程序）、path（"
            "路徑）、mac（網路卡位址前幾碼）、dns（網域）或 image（容器映像）。"}},
          {"pattern",
           kText,
           {"GLOB pattern, compared without regard to case.", "GLOB 樣式，不分大小寫。"}},
          {"reason", kText, {"Why it may not be used.", "不得使用的原因。"}},
          {"source", kText, {"Where the data comes from.", "資料來源。"}},
          {"source_date",
           kText,
           {"Day the data was taken (YYYY-MM-DD).", "資料取得日（YYYY-MM-DD）。"}},
      }};
}

TableSpec weak_algorithms() {
  return {
      .name = "weak_algorithms",
      .version = 1,
      .meaning =
          {"Algorithms, protocols and key sizes that are broken or too weak, and by whose word.",
           "已遭破解或強度不足的演算法、通訊協定與金鑰長度，以及其依據。"},
      .privacy = Privacy::kPublic,
      .origin = Origin::kReference,
      .is_volatile = false,
      .is_live_only = false,
      .example = "SELECT name, weakness, basis FROM weak_algorithms WHERE kind = 'ssh_cipher'",
      .columns = {
          {"kind",
           kText,
           {"ssh_cipher, ssh_mac, ssh_kex, ssh_hostkey, tls_protocol, tls_cipher, signature, hash, "
            "password_hash, key or wifi.",
            "ssh_cipher、ssh_mac、ssh_kex、ssh_hostkey、tls_protocol、tls_"
            "cipher、signature（簽章）、hash（雜湊）、password_hash（密碼雜湊）、key（金鑰）或 "
            "wifi（無線網路）。"}},
          {"name",
           kText,
           {"GLOB pattern on the name as the tables have it.",
            "比對名稱的 GLOB 樣式，寫法與資料表相同。"}},
          {"min_bits",
           kInteger,
           {"Shortest key in bits that is acceptable; NULL: not a matter of length.",
            "可接受的最短金鑰長度（位元）；NULL：與長度無關。"}},
          {"weakness",
           kText,
           {"broken: never use it; weak: phase it out.",
            "broken：已遭破解，不得使用；weak：強度不足，應汰換。"}},
          {"basis", kText, {"Document that says so.", "依據文件。"}},
          {"note", kText, {"What else to know; NULL if nothing.", "其他說明；沒有則為 NULL。"}},
      }};
}

TableSpec security_products() {
  return {
      .name = "security_products",
      .version = 1,
      .meaning =
          {"Security products that security_agents knows: what kind of protection each counts as.",
           "security_agents 所認得的資安產品，以及各自屬於何種防護。"},
      .privacy = Privacy::kPublic,
      .origin = Origin::kReference,
      .is_volatile = false,
      .is_live_only = false,
      .example = "SELECT name, protection FROM security_products WHERE protection = 'antivirus'",
      .columns = {
          {"name", kText, {"Name, as in security_agents.", "名稱，與 security_agents 相同。"}},
          {"vendor", kText, {"Vendor or project.", "廠商或專案。"}},
          {"protection",
           kText,
           {"antivirus, edr, ids, waf, mail_filter, file_integrity, audit, log_forwarding or "
            "brute_force.",
            "antivirus（防毒）、edr（端點偵測及回應）、ids（入侵偵測）、waf（網站應用程式防火牆）、"
            "mail_filter（郵件過濾）、file_integrity（檔案完整性）、audit（稽核）、log_"
            "forwarding（日誌轉送）或 brute_force（防暴力破解）。"}},
          {"note", kText, {"What else to know; NULL if nothing.", "其他說明；沒有則為 NULL。"}},
      }};
}

TableSpec blocklist() {
  return {
      .name = "blocklist",
      .version = 1,
      .meaning =
          {"Addresses and names with which no machine of the company should speak: "
           "command-and-control hosts and the like. Unavailable until a list has been loaded.",
           "公司任何主機都不應連線的位址與網域，例如中繼站（C&C）。尚未載入任何清單前無法取用。"},
      .privacy = Privacy::kPublic,
      .origin = Origin::kReference,
      .is_volatile = false,
      .is_live_only = false,
      .example = "SELECT value, list FROM blocklist WHERE kind = 'domain'",
      .columns = {
          {"kind",
           kText,
           {"address, network or domain.", "address（位址）、network（網段）或 domain（網域）。"}},
          {"value",
           kText,
           {"IPv4 or IPv6 address, network (192.0.2.0/24) or domain name in small letters.",
            "IPv4 或 IPv6 位址、網段（192.0.2.0/24）或小寫網域名稱。"}},
          {"list", kText, {"Name of the list that has it.", "所屬清單的名稱。"}},
          {"list_date", kText, {"Day of the list (YYYY-MM-DD).", "清單日期（YYYY-MM-DD）。"}},
          {"note",
           kText,
           {"What it is listed for; NULL if nothing is noted.", "列入原因；未註明則為 NULL。"}},
      }};
}

}  // namespace

std::span<const TableSpec> class_tables() {
  static const std::vector<TableSpec> kTables = {port_classes(),      software_classes(),
                                                 harmful_products(),  weak_algorithms(),
                                                 security_products(), blocklist()};
  return kTables;
}

}  // namespace assay::evidence
