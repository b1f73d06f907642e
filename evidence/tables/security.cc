#include "evidence/tables/families.h"

namespace assay::evidence {
namespace {

using enum Type;

TableSpec security_agents() {
  return {
      .name = "security_agents",
      .version = 1,
      .meaning =
          {"Protection software found on the machine: against malware, intruders, and changes. No "
           "row: none that Assay "
           "knows.",
           "機器上的防護軟體：防範惡意程式、入侵與竄改。沒有任何一列：未發現 Assay 認得的產品。"},
      .privacy = Privacy::kSensitive,
      .origin = Origin::kHost,
      .is_volatile = false,
      .is_live_only = false,
      .example =
          "SELECT name, running, real_time, signature_date FROM security_agents WHERE kind = "
          "'antivirus'",
      .columns = {
          {"kind",
           kText,
           {"Kind of protection: antivirus, edr, management_agent, intrusion_detection, audit, "
            "file_integrity, rootkit_detection, ban (blocks addresses after failures), "
            "mail_filter, "
            "web_firewall.",
            "防護種類：antivirus（防毒）、edr、management_agent（管理代理程式）、"
            "intrusion_detection（入侵偵測）、audit（稽核）、file_integrity（檔案完整性）、"
            "rootkit_detection、ban（失敗多次即封鎖位址）、mail_filter（郵件過濾）、"
            "web_firewall（網站應用程式防火牆）。"}},
          {"name",
           kText,
           {"Name of the product. Trend Micro Apex One has no agent for Linux: its maker's "
            "products "
            "there are Deep Security, Vision One and ServerProtect.",
            "產品名稱。Trend Micro Apex One 沒有 Linux 代理程式：該廠商在 Linux 上的產品為 Deep "
            "Security、Vision One 與 ServerProtect。"}},
          {"version",
           kText,
           {"Version of the product; NULL if not determinable.", "產品版本；無法判定則為 NULL。"}},
          {"installed",
           kInteger,
           {"1: installed; 0: only traces are left; NULL if not determinable.",
            "1：已安裝；0：僅有殘留；無法判定則為 NULL。"}},
          {"running",
           kInteger,
           {"1: its service runs; 0: it does not; NULL if not determinable.",
            "1：服務執行中；0：未執行；無法判定則為 NULL。"}},
          {"enabled",
           kInteger,
           {"1: starts with the system; 0: does not; NULL if not determinable.",
            "1：隨系統啟動；0：不會；無法判定則為 NULL。"}},
          {"real_time",
           kInteger,
           {"1: what happens is checked and stopped at once (files on access, requests of a web "
            "firewall); 0: it is not; NULL if not determinable.",
            "1：即時檢查並阻擋（檔案存取、網站請求）；0：否；無法判定則為 NULL。"}},
          {"signature_version",
           kText,
           {"Version of the signatures or rules; NULL if not determinable.",
            "病毒碼或規則版本；無法判定則為 NULL。"}},
          {"signature_date",
           kText,
           {"Day of the signatures (YYYY-MM-DD); NULL if not determinable.",
            "病毒碼日期（YYYY-MM-DD）；無法判定則為 NULL。"}},
          {"last_scan",
           kText,
           {"Day of the last full scan or check of all files (YYYY-MM-DD); NULL if not "
            "determinable.",
            "上次完整掃描或檢查所有檔案的日期（YYYY-MM-DD）；無法判定則為 NULL。"}},
          {"management_server",
           kText,
           {"Server that manages the product; NULL if none is known.",
            "管理該產品的伺服器；未知則為 NULL。"}},
          {"source",
           kText,
           {"Where this is known from: files, and the maker's own tools.",
            "資訊來源：檔案與廠商工具。"}},
          {"note",
           kText,
           {"Why columns are NULL, by their names, and what else to know; NULL if nothing needs "
            "saying.",
            "各欄位（以欄位名稱標示）為何是 NULL，以及其他說明；無須說明則為 NULL。"}},
      }};
}

}  // namespace

std::span<const TableSpec> security_tables() {
  static const std::vector<TableSpec> kTables = {security_agents()};
  return kTables;
}

}  // namespace assay::evidence
