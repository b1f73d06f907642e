#include "evidence/tables/families.h"

// `parameters` is not declared here: its columns are content (checks/reference/).

namespace assay::evidence {
namespace {

using enum Type;

TableSpec eol_cycles() {
  return {
      .name = "eol_cycles",
      .version = 1,
      .meaning = {"Release cycles of products and the days on which their support ends.",
                  "產品的版本週期及其支援終止日。"},
      .privacy = Privacy::kPublic,
      .origin = Origin::kReference,
      .is_volatile = false,
      .is_live_only = false,
      .example =
          "SELECT cycle, security_until, extended_until FROM eol_cycles WHERE product = 'debian'",
      .columns = {
          {"product", kText, {"Product, such as debian.", "產品，例如 debian。"}},
          {"cycle", kText, {"Release cycle, such as 12 or 3.11.", "版本週期，例如 12、3.11。"}},
          {"codename",
           kText,
           {"Code name of the cycle; NULL if it has none.", "週期代號；沒有則為 NULL。"}},
          {"released",
           kText,
           {"Day of release (YYYY-MM-DD); NULL if unknown.",
            "發行日（YYYY-MM-DD）；不明則為 NULL。"}},
          {"support_until",
           kText,
           {"Last day of active support (YYYY-MM-DD); NULL if no day is known.",
            "一般支援的最後一天（YYYY-MM-DD）；沒有已知日期則為 NULL。"}},
          {"security_until",
           kText,
           {"Last day of security support (YYYY-MM-DD); NULL if no day is known.",
            "安全性支援的最後一天（YYYY-MM-DD）；沒有已知日期則為 NULL。"}},
          {"extended_until",
           kText,
           {"Last day of paid or long-term extension (YYYY-MM-DD); NULL if there is none or no day "
            "is known.",
            "付費或長期延伸支援的最後一天（YYYY-MM-DD）；沒有延伸支援或已知日期則為 NULL。"}},
          {"latest",
           kText,
           {"Latest version of the cycle; NULL if unknown.", "該週期的最新版本；不明則為 NULL。"}},
          {"source", kText, {"Where the data comes from.", "資料來源。"}},
          {"source_date",
           kText,
           {"Day the data was taken (YYYY-MM-DD).", "資料取得日（YYYY-MM-DD）。"}},
      }};
}

TableSpec product_packages() {
  return {
      .name = "product_packages",
      .version = 1,
      .meaning = {"Which packages belong to a product of eol_cycles, and where its cycle is read.",
                  "eol_cycles 的產品對應哪些套件，以及從何處得知版本週期。"},
      .privacy = Privacy::kPublic,
      .origin = Origin::kReference,
      .is_volatile = false,
      .is_live_only = false,
      .example = "SELECT product, package FROM product_packages WHERE kind = 'deb'",
      .columns = {
          {"product", kText, {"Product, as in eol_cycles.", "產品，與 eol_cycles 相同。"}},
          {"kind",
           kText,
           {"deb, rpm or os (the operating system itself).", "deb、rpm 或 os（作業系統本身）。"}},
          {"package", kText, {"GLOB pattern on the package's name.", "比對套件名稱的 GLOB 樣式。"}},
          {"version_from",
           kText,
           {"Where the cycle is read: version or name.",
            "從何處得知週期：version（版本）或 name（名稱）。"}},
      }};
}

TableSpec allowlist() {
  return {
      .name = "allowlist",
      .version = 1,
      .meaning =
          {"Software that the company has approved. Unavailable until a list has been approved.",
           "公司核准的軟體。尚未核准任何清單前無法取用。"},
      .privacy = Privacy::kSensitive,
      .origin = Origin::kReference,
      .is_volatile = false,
      .is_live_only = false,
      .example = "SELECT name, version, note FROM allowlist WHERE kind = 'deb'",
      .columns = {
          {"kind", kText, {"Kind of software, such as deb.", "軟體種類，例如 deb。"}},
          {"name", kText, {"GLOB pattern on the name.", "比對名稱的 GLOB 樣式。"}},
          {"version",
           kText,
           {"Approved version; NULL: every version.", "核准的版本；NULL：任何版本。"}},
          {"note",
           kText,
           {"Why it is approved; NULL if nothing is noted.", "核准理由；未註明則為 NULL。"}},
      }};
}

TableSpec approved_listeners() {
  return {.name = "approved_listeners",
          .version = 1,
          .meaning =
              {"Ports that the company has approved to be open. Unavailable until a list has been "
               "approved.",
               "公司核准開放的連接埠。尚未核准任何清單前無法取用。"},
          .privacy = Privacy::kSensitive,
          .origin = Origin::kReference,
          .is_volatile = false,
          .is_live_only = false,
          .example = "SELECT port, process, note FROM approved_listeners WHERE protocol = 6",
          .columns = {
              {"port", kInteger, {"Port number.", "連接埠號碼。"}},
              {"protocol", kInteger, {"6: TCP; 17: UDP.", "6：TCP；17：UDP。"}},
              {"process",
               kText,
               {"GLOB pattern on the process's name; NULL: every process.",
                "比對處理程序名稱的 GLOB 樣式；NULL：任何處理程序。"}},
              {"note",
               kText,
               {"Why it is approved; NULL if nothing is noted.", "核准理由；未註明則為 NULL。"}},
          }};
}

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

TableSpec clock_table() {
  return {.name = "clock",
          .version = 1,
          .meaning = {"The day for which checks are evaluated. One row.",
                      "檢查所依據的日期。只有一列。"},
          .privacy = Privacy::kPublic,
          .origin = Origin::kReference,
          .is_volatile = false,
          .is_live_only = false,
          .example = "SELECT product, cycle FROM eol_cycles, clock WHERE security_until < today",
          .columns = {
              {"today", kText, {"That day (YYYY-MM-DD).", "該日日期（YYYY-MM-DD）。"}},
              {"day",
               kInteger,
               {"That day, in days since 1970-01-01.", "該日，自 1970-01-01 起的天數。"}},
          }};
}

}  // namespace

std::span<const TableSpec> reference_tables() {
  static const std::vector<TableSpec> kTables = {eol_cycles(),   product_packages(),
                                                 allowlist(),    approved_listeners(),
                                                 port_classes(), clock_table()};
  return kTables;
}

}  // namespace assay::evidence
