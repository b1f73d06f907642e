#include "evidence/tables/families.h"

namespace assay::evidence {
namespace {

using enum Type;

TableSpec host_register() {
  return {
      .name = "host_register",
      .version = 1,
      .meaning = {"What the company has recorded about this machine in its asset register. One "
                  "row, or none when it is not in the register.",
                  "公司資產清冊對本機的記載。一列；未列入清冊則沒有任何列。"},
      .privacy = Privacy::kPersonal,
      .origin = Origin::kRegister,
      .is_volatile = false,
      .is_live_only = false,
      .example = "SELECT system_name, owner, zone FROM host_register WHERE is_core = 1",
      .columns = {
          {"system_name",
           kText,
           {"Information system that it serves; NULL if not recorded.",
            "所屬資通系統名稱；未記載則為 NULL。"}},
          {"asset_name",
           kText,
           {"Name of the asset; NULL if not recorded.", "資產名稱；未記載則為 NULL。"}},
          {"asset_class",
           kText,
           {"Class of the asset; NULL if not recorded.", "資產類別；未記載則為 NULL。"}},
          {"owner",
           kText,
           {"Who answers for it; NULL if not recorded.", "擁有者（權責人員）；未記載則為 NULL。"}},
          {"custodian",
           kText,
           {"Who keeps it; NULL if not recorded.", "管理者（保管人）；未記載則為 NULL。"}},
          {"user", kText, {"Who uses it; NULL if not recorded.", "使用者；未記載則為 NULL。"}},
          {"location",
           kText,
           {"Where it stands; NULL if not recorded.", "存放位置；未記載則為 NULL。"}},
          {"zone",
           kText,
           {"Network zone, such as internet, dmz, internal, database or management; NULL if not "
            "recorded.",
            "網路區域，例如 internet、dmz、internal、database、management；未記載則為 NULL。"}},
          {"environment",
           kText,
           {"production, test or development; NULL if not recorded.",
            "production（正式）、test（測試）或 development（開發）；未記載則為 NULL。"}},
          {"is_core",
           kInteger,
           {"1: part of a core system; 0: not; NULL if not recorded.",
            "1：屬核心系統；0：不屬於；未記載則為 NULL。"}},
          {"confidentiality",
           kInteger,
           {"Need of protection, 1 (ordinary) to 3 (high); NULL if not graded.",
            "機密性需求，1（普）至 3（高）；未評定則為 NULL。"}},
          {"integrity",
           kInteger,
           {"Need of protection, 1 to 3; NULL if not graded.",
            "完整性需求，1 至 3；未評定則為 NULL。"}},
          {"availability",
           kInteger,
           {"Need of protection, 1 to 3; NULL if not graded.",
            "可用性需求，1 至 3；未評定則為 NULL。"}},
          {"compliance",
           kInteger,
           {"Need of protection by law, 1 to 3; NULL if not graded.",
            "法律遵循性需求，1 至 3；未評定則為 NULL。"}},
          {"holds_personal_data",
           kInteger,
           {"1: it holds personal data; 0: it does not; NULL if not recorded.",
            "1：保有個人資料；0：沒有；未記載則為 NULL。"}},
          {"property_number",
           kText,
           {"Number of the property label; NULL if not recorded.", "財產編號；未記載則為 NULL。"}},
          {"make", kText, {"Make; NULL if not recorded.", "廠牌；未記載則為 NULL。"}},
          {"model", kText, {"Model; NULL if not recorded.", "型號；未記載則為 NULL。"}},
          {"reviewed",
           kText,
           {"Day of the last review of this entry (YYYY-MM-DD); NULL if never.",
            "本筆資料最近一次檢視日期（YYYY-MM-DD）；從未檢視則為 NULL。"}},
      }};
}

TableSpec host_groups() {
  return {
      .name = "host_groups",
      .version = 1,
      .meaning =
          {"Groups of machines that this machine belongs to, as the company has sorted "
           "them. Empty: in none. Seen from the machine alone, it is in none.",
           "公司將本機歸入的主機群組。空白表示未歸入任何群組；僅由本機判定時，一律視為未歸入。"},
      .privacy = Privacy::kPublic,
      .origin = Origin::kRegister,
      .is_volatile = false,
      .is_live_only = false,
      .example = "SELECT host_group FROM host_groups",
      .columns = {
          {"host_group", kText, {"Name of the group.", "群組名稱。"}},
      }};
}

TableSpec networks() {
  return {.name = "networks",
          .version = 1,
          .meaning = {"Networks of the company and the zone that each belongs to. Unavailable "
                      "until the company has listed them.",
                      "公司的網段及其所屬區域。公司尚未列出前無法取用。"},
          .privacy = Privacy::kSensitive,
          .origin = Origin::kReference,
          .is_volatile = false,
          .is_live_only = false,
          .example = "SELECT network, zone FROM networks WHERE zone = 'dmz'",
          .columns = {
              {"network",
               kText,
               {"Network, as 192.0.2.0/24 or 2001:db8::/32.",
                "網段，例如 192.0.2.0/24、2001:db8::/32。"}},
              {"zone",
               kText,
               {"Zone, such as internet, dmz, internal, database or management.",
                "網路區域，例如 internet、dmz、internal、database、management。"}},
              {"environment",
               kText,
               {"production, test or development; NULL if it holds for all.",
                "production（正式）、test（測試）或 development（開發）；不分環境則為 NULL。"}},
              {"note", kText, {"What else to know; NULL if nothing.", "其他說明；沒有則為 NULL。"}},
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

std::span<const TableSpec> register_tables() {
  static const std::vector<TableSpec> kTables = {host_register(), host_groups(), networks(),
                                                 clock_table()};
  return kTables;
}

}  // namespace assay::evidence
