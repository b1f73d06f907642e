#include "evidence/tables/families.h"

namespace assay::evidence {
namespace {

using enum Type;

TableSpec security_agents() {
  return {
      .name = "security_agents",
      .version = 1,
      .meaning =
          {"Protection software found on the machine, such as anti-virus. No row: none that Assay "
           "knows.",
           "機器上的防護軟體，例如防毒軟體。沒有任何一列：未發現 Assay 認得的產品。"},
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
           {"Kind of protection, such as antivirus.", "防護種類，例如 antivirus（防毒）。"}},
          {"name", kText, {"Name of the product.", "產品名稱。"}},
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
           {"1: files are checked on access; 0: they are not; NULL if not determinable.",
            "1：已啟用即時防護；0：未啟用；無法判定則為 NULL。"}},
          {"signature_version",
           kText,
           {"Version of the signatures; NULL if not determinable.",
            "病毒碼版本；無法判定則為 NULL。"}},
          {"signature_date",
           kText,
           {"Day of the signatures (YYYY-MM-DD); NULL if not determinable.",
            "病毒碼日期（YYYY-MM-DD）；無法判定則為 NULL。"}},
          {"last_scan",
           kText,
           {"Day of the last full scan (YYYY-MM-DD); NULL if not determinable.",
            "上次完整掃描的日期（YYYY-MM-DD）；無法判定則為 NULL。"}},
          {"management_server",
           kText,
           {"Server that manages the product; NULL if none is known.",
            "管理該產品的伺服器；未知則為 NULL。"}},
          {"source",
           kText,
           {"Where this is known from: files and units.", "資訊來源：檔案與服務單元。"}},
          {"note",
           kText,
           {"Why a column is NULL; NULL if nothing needs saying.",
            "欄位為何是 NULL；無須說明則為 NULL。"}},
      }};
}

}  // namespace

std::span<const TableSpec> security_tables() {
  static const std::vector<TableSpec> kTables = {security_agents()};
  return kTables;
}

}  // namespace assay::evidence
