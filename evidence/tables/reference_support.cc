#include "evidence/tables/families.h"

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
           {"deb, rpm, apk, snap, flatpak, purl (any other software) or os (the operating system "
            "itself).",
            "deb、rpm、apk、snap、flatpak、purl（其他軟體）或 os（作業系統本身）。"}},
          {"package",
           kText,
           {"GLOB pattern on the package's name; for purl, on its package URL without the version.",
            "比對套件名稱的 GLOB 樣式；purl 則比對不含版本的 Package URL。"}},
          {"version_from",
           kText,
           {"Where the cycle is read: version or name.",
            "從何處得知週期：version（版本）或 name（名稱）。"}},
      }};
}

TableSpec support_contracts() {
  return {
      .name = "support_contracts",
      .version = 1,
      .meaning = {"Support that the company has bought beyond the vendor's own dates. Empty: none.",
                  "公司另行購買、超出廠商公告期限的延伸支援。空白表示沒有。"},
      .privacy = Privacy::kSensitive,
      .origin = Origin::kReference,
      .is_volatile = false,
      .is_live_only = false,
      .example = "SELECT product, cycle, contract_until FROM support_contracts",
      .columns = {
          {"product", kText, {"Product, as in eol_cycles.", "產品，與 eol_cycles 相同。"}},
          {"cycle",
           kText,
           {"Release cycle, as in eol_cycles; NULL: every cycle.",
            "版本週期，與 eol_cycles 相同；NULL：所有週期。"}},
          {"host_group",
           kText,
           {"Group of hosts for which it holds, as in host_groups; NULL: every host.",
            "適用的主機群組，與 host_groups 相同；NULL：所有主機。"}},
          {"contract_until",
           kText,
           {"Last day on which the contract supports it (YYYY-MM-DD).",
            "合約支援的最後一天（YYYY-MM-DD）。"}},
          {"contract", kText, {"Name or number of the contract.", "合約名稱或編號。"}},
          {"note", kText, {"What else to know; NULL if nothing.", "其他說明；沒有則為 NULL。"}},
      }};
}

TableSpec phase_out_plans() {
  return {
      .name = "phase_out_plans",
      .version = 1,
      .meaning = {"Plans by which the company leaves a product whose support ends. Empty: none.",
                  "公司對停止支援產品的汰除計畫。空白表示沒有。"},
      .privacy = Privacy::kSensitive,
      .origin = Origin::kReference,
      .is_volatile = false,
      .is_live_only = false,
      .example = "SELECT product, cycle, planned_until, measure FROM phase_out_plans",
      .columns = {
          {"product", kText, {"Product, as in eol_cycles.", "產品，與 eol_cycles 相同。"}},
          {"cycle",
           kText,
           {"Release cycle, as in eol_cycles; NULL: every cycle.",
            "版本週期，與 eol_cycles 相同；NULL：所有週期。"}},
          {"host",
           kText,
           {"GLOB pattern on the host's name; NULL: every host.",
            "比對主機名稱的 GLOB 樣式；NULL：所有主機。"}},
          {"planned_until",
           kText,
           {"Day by which it will be gone (YYYY-MM-DD).", "預定完成汰除的日期（YYYY-MM-DD）。"}},
          {"measure",
           kText,
           {"Compensating measure until then; NULL if there is none.",
            "汰除前的補償性措施；沒有則為 NULL。"}},
          {"approved_by",
           kText,
           {"Who approved the plan; NULL if not recorded.", "計畫核准人；未記載則為 NULL。"}},
          {"note", kText, {"What else to know; NULL if nothing.", "其他說明；沒有則為 NULL。"}},
      }};
}

}  // namespace

std::span<const TableSpec> support_tables() {
  static const std::vector<TableSpec> kTables = {eol_cycles(), product_packages(),
                                                 support_contracts(), phase_out_plans()};
  return kTables;
}

}  // namespace assay::evidence
