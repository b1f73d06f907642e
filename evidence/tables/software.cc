#include "evidence/tables/families.h"

namespace assay::evidence {
namespace {

using enum Type;

TableSpec deb_packages() {
  return {
      .name = "deb_packages",
      .version = 1,
      .meaning = {"Packages that dpkg knows, also removed ones whose settings remain: see status.",
                  "dpkg 所知的套件，含已移除但仍留有設定檔者，請看 status。"},
      .privacy = Privacy::kPublic,
      .origin = Origin::kHost,
      .is_volatile = false,
      .is_live_only = false,
      .example =
          "SELECT name, version FROM deb_packages WHERE status LIKE '% installed' AND name GLOB "
          "'openssl*'",
      .columns = {
          {"name", kText, {"Name of the package.", "套件名稱。"}},
          {"version",
           kText,
           {"Full version with epoch and revision; NULL if the package has none recorded.",
            "完整版本，含 epoch 與修訂號；未記載則為 NULL。"}},
          {"source",
           kText,
           {"Source package; NULL if it has the package's own name.",
            "原始碼套件；與套件同名時為 NULL。"}},
          {"size",
           kInteger,
           {"Installed size in bytes; NULL if not recorded.",
            "安裝後的大小，單位為位元組；未記載則為 NULL。"}},
          {"arch",
           kText,
           {"Architecture, or all; NULL if not recorded.", "架構，或 all；未記載則為 NULL。"}},
          {"revision",
           kText,
           {"Revision part of the version; NULL if there is none.",
            "版本中的修訂號；沒有則為 NULL。"}},
          {"status",
           kText,
           {"dpkg's three words: what is wanted, error flag, state.",
            "dpkg 的三個狀態字：期望動作、錯誤旗標、目前狀態。"}},
          {"maintainer",
           kText,
           {"Maintainer of the package; NULL if not recorded.", "套件維護者；未記載則為 NULL。"}},
          {"section",
           kText,
           {"Section of the archive; NULL if not recorded.", "套件庫的分類；未記載則為 NULL。"}},
          {"priority",
           kText,
           {"Priority, such as required or optional; NULL if not recorded.",
            "優先等級，例如 required、optional；未記載則為 NULL。"}},
          {"admindir", kText, {"Folder of the dpkg database.", "dpkg 資料庫所在目錄。"}},
          {"purl",
           kText,
           {"Package URL (purl); NULL if the package has no version or its distribution is not "
            "known.",
            "套件的 Package URL（purl）；套件沒有版本或發行版不明則為 NULL。"}},
      }};
}

}  // namespace

std::span<const TableSpec> software_tables() {
  static const std::vector<TableSpec> kTables = {deb_packages()};
  return kTables;
}

}  // namespace assay::evidence
