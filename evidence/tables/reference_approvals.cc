#include "evidence/tables/families.h"

namespace assay::evidence {
namespace {

using enum Type;

TableSpec allowlist() {
  return {
      .name = "allowlist",
      .version = 2,
      .meaning = {"Software that the company has approved. A row approves what matches all of its "
                  "cells that are not NULL. Unavailable until a list has been approved.",
                  "公司核准的軟體；每列核准符合其所有非 NULL 欄位者。尚未核准任何清單前無法取用。"},
      .privacy = Privacy::kSensitive,
      .origin = Origin::kReference,
      .is_volatile = false,
      .is_live_only = false,
      .example = "SELECT name, version, note FROM allowlist WHERE kind = 'deb'",
      .columns = {
          {"kind",
           kText,
           {"Kind of software: deb, rpm, apk, python, npm, java, go, snap, flatpak, container or "
            "program.",
            "軟體種類：deb、rpm、apk、python、npm、java、go、snap、flatpak、container（容器映像）或"
            " program（程式檔）。"}},
          {"name",
           kText,
           {"GLOB pattern on the name; NULL: every name.",
            "比對名稱的 GLOB 樣式；NULL：任何名稱。"}},
          {"version",
           kText,
           {"Approved version; NULL: every version.", "核准的版本；NULL：任何版本。"}},
          {"min_version",
           kText,
           {"Lowest approved version; NULL: no bound.", "核准的最低版本；NULL：不限。"}},
          {"max_version",
           kText,
           {"Highest approved version; NULL: no bound.", "核准的最高版本；NULL：不限。"}},
          {"publisher",
           kText,
           {"GLOB pattern on the publisher: maintainer, vendor or author; NULL: every one.",
            "比對發行者（維護者、廠商或作者）的 GLOB 樣式；NULL：任何發行者。"}},
          {"purl",
           kText,
           {"GLOB pattern on the package URL; NULL: every one.",
            "比對 Package URL 的 GLOB 樣式；NULL：任何值。"}},
          {"path",
           kText,
           {"GLOB pattern on the path of a program or archive; NULL: every path.",
            "比對程式或封存檔路徑的 GLOB 樣式；NULL：任何路徑。"}},
          {"sha256",
           kText,
           {"SHA-256 of the file, in hexadecimal; NULL: every content.",
            "檔案的 SHA-256（十六進位）；NULL：任何內容。"}},
          {"repository",
           kText,
           {"GLOB pattern on the repository or registry that it came from; NULL: every one.",
            "比對來源套件庫或登錄庫的 GLOB 樣式；NULL：任何來源。"}},
          {"host_group",
           kText,
           {"Group of hosts for which it holds, as in host_groups; NULL: every host.",
            "適用的主機群組，與 host_groups 相同；NULL：所有主機。"}},
          {"approved_by",
           kText,
           {"Who approved it; NULL if not recorded.", "核准人；未記載則為 NULL。"}},
          {"approved_until",
           kText,
           {"Last day of the approval (YYYY-MM-DD); NULL: until it is withdrawn.",
            "核准有效期的最後一天（YYYY-MM-DD）；NULL：直到撤銷為止。"}},
          {"note",
           kText,
           {"Why it is approved; NULL if nothing is noted.", "核准理由；未註明則為 NULL。"}},
      }};
}

TableSpec approved_listeners() {
  return {.name = "approved_listeners",
          .version = 2,
          .meaning = {"Ports that the company has approved to be open. Unavailable until a list "
                      "has been approved.",
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
              {"host_group",
               kText,
               {"Group of hosts for which it holds, as in host_groups; NULL: every host.",
                "適用的主機群組，與 host_groups 相同；NULL：所有主機。"}},
              {"approved_by",
               kText,
               {"Who approved it; NULL if not recorded.", "核准人；未記載則為 NULL。"}},
              {"approved_until",
               kText,
               {"Last day of the approval (YYYY-MM-DD); NULL: until it is withdrawn.",
                "核准有效期的最後一天（YYYY-MM-DD）；NULL：直到撤銷為止。"}},
              {"note",
               kText,
               {"Why it is approved; NULL if nothing is noted.", "核准理由；未註明則為 NULL。"}},
          }};
}

TableSpec approved_administrators() {
  return {
      .name = "approved_administrators",
      .version = 1,
      .meaning = {"Accounts that may have administrators' rights. Unavailable until a list has "
                  "been approved.",
                  "公司核准具有管理者權限的帳號。尚未核准任何清單前無法取用。"},
      .privacy = Privacy::kSensitive,
      .origin = Origin::kReference,
      .is_volatile = false,
      .is_live_only = false,
      .example = "SELECT username, person, approved_until FROM approved_administrators",
      .columns = {
          {"username", kText, {"Name of the account.", "帳號名稱。"}},
          {"person", kText, {"Who uses it; NULL if not recorded.", "使用人；未記載則為 NULL。"}},
          {"host",
           kText,
           {"GLOB pattern on the host's name; NULL: every host.",
            "比對主機名稱的 GLOB 樣式；NULL：所有主機。"}},
          {"host_group",
           kText,
           {"Group of hosts for which it holds, as in host_groups; NULL: every host.",
            "適用的主機群組，與 host_groups 相同；NULL：所有主機。"}},
          {"approved_by",
           kText,
           {"Who approved it; NULL if not recorded.", "核准人；未記載則為 NULL。"}},
          {"approved_until",
           kText,
           {"Last day of the approval (YYYY-MM-DD); NULL: until it is withdrawn.",
            "核准有效期的最後一天（YYYY-MM-DD）；NULL：直到撤銷為止。"}},
          {"note",
           kText,
           {"Why it is approved; NULL if nothing is noted.", "核准理由；未註明則為 NULL。"}},
      }};
}

TableSpec approved_resolvers() {
  return {.name = "approved_resolvers",
          .version = 1,
          .meaning = {"Name servers that machines of the company may ask. Unavailable until a list "
                      "has been approved.",
                      "公司核准使用的 DNS 伺服器。尚未核准任何清單前無法取用。"},
          .privacy = Privacy::kSensitive,
          .origin = Origin::kReference,
          .is_volatile = false,
          .is_live_only = false,
          .example = "SELECT address, note FROM approved_resolvers",
          .columns = {
              {"address",
               kText,
               {"Address of the name server, or a network (192.0.2.0/24).",
                "DNS 伺服器位址，或網段（192.0.2.0/24）。"}},
              {"host_group",
               kText,
               {"Group of hosts for which it holds, as in host_groups; NULL: every host.",
                "適用的主機群組，與 host_groups 相同；NULL：所有主機。"}},
              {"approved_by",
               kText,
               {"Who approved it; NULL if not recorded.", "核准人；未記載則為 NULL。"}},
              {"approved_until",
               kText,
               {"Last day of the approval (YYYY-MM-DD); NULL: until it is withdrawn.",
                "核准有效期的最後一天（YYYY-MM-DD）；NULL：直到撤銷為止。"}},
              {"note",
               kText,
               {"Why it is approved; NULL if nothing is noted.", "核准理由；未註明則為 NULL。"}},
          }};
}

}  // namespace

std::span<const TableSpec> approval_tables() {
  static const std::vector<TableSpec> kTables = {allowlist(), approved_listeners(),
                                                 approved_administrators(), approved_resolvers()};
  return kTables;
}

}  // namespace assay::evidence
