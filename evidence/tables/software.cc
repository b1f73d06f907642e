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

TableSpec rpm_packages() {
  return {
      .name = "rpm_packages",
      .version = 1,
      .meaning =
          {"Packages that rpm installed, read from its database (SQLite, ndb or Berkeley DB) "
           "without running rpm. Unavailable on a system without such a database.",
           "rpm 安裝的套件，直接讀取其資料庫（SQLite、ndb 或 Berkeley DB），不執行 "
           "rpm。系統沒有此資料庫時無法取得。"},
      .privacy = Privacy::kPublic,
      .origin = Origin::kHost,
      .is_volatile = false,
      .is_live_only = false,
      .example =
          "SELECT name, version, release, vendor FROM rpm_packages WHERE signing_key IS NULL "
          "AND name <> 'gpg-pubkey'",
      .columns = {
          {"name",
           kText,
           {"Name of the package; gpg-pubkey for a key that rpm trusts.",
            "套件名稱；rpm 信任的金鑰記為 gpg-pubkey。"}},
          {"version",
           kText,
           {"Version without epoch and release.", "版本，不含 epoch 與 release。"}},
          {"release", kText, {"Release of the package.", "套件的 release（發行號）。"}},
          {"source",
           kText,
           {"File name of the source package; NULL if not recorded.",
            "原始碼套件的檔名；未記載則為 NULL。"}},
          {"size",
           kInteger,
           {"Installed size in bytes; NULL if not recorded.",
            "安裝後的大小，單位為位元組；未記載則為 NULL。"}},
          {"sha1",
           kText,
           {"SHA-1 of the package's header as it was made; NULL if not recorded.",
            "套件標頭的 SHA-1；未記載則為 NULL。"}},
          {"arch",
           kText,
           {"Architecture, or noarch; NULL if not recorded.",
            "架構，或 noarch；未記載則為 NULL。"}},
          {"epoch",
           kInteger,
           {"Epoch, which outranks the version; NULL if it has none, which counts as 0.",
            "epoch，比較版本時優先；沒有則為 NULL，視同 0。"}},
          {"install_time",
           kInteger,
           {"When it was installed, seconds since 1970; NULL if not recorded.",
            "安裝時間，自 1970 年起的秒數；未記載則為 NULL。"}},
          {"vendor",
           kText,
           {"Who made the package; NULL if not recorded.", "套件製作者；未記載則為 NULL。"}},
          {"package_group",
           kText,
           {"Group of the package; NULL if not recorded.", "套件的分類；未記載則為 NULL。"}},
          {"license",
           kText,
           {"License as the package states it; NULL if not recorded.",
            "套件載明的授權條款；未記載則為 NULL。"}},
          {"module",
           kText,
           {"Module stream that it belongs to, with version and context; NULL if it is of none.",
            "所屬的模組串流，含版本與 context；不屬於任何模組則為 NULL。"}},
          {"signing_key",
           kText,
           {"Id of the key that the package's signature names; NULL if it is not signed or names "
            "none. The signature is not verified here.",
            "套件簽章所指的金鑰識別碼；未簽章或未指明則為 NULL。此處不驗證簽章。"}},
          {"database", kText, {"File of the database that was read.", "所讀取的資料庫檔案。"}},
          {"purl",
           kText,
           {"Package URL (purl); NULL for gpg-pubkey, which is no software, or if the distribution "
            "is not known.",
            "套件的 Package URL（purl）；gpg-pubkey 不是軟體，或發行版不明，則為 NULL。"}},
      }};
}

TableSpec apk_packages() {
  return {
      .name = "apk_packages",
      .version = 1,
      .meaning = {"Packages that apk installed, as on Alpine and Wolfi. Unavailable on a system "
                  "without apk's database.",
                  "apk 安裝的套件，例如 Alpine 與 Wolfi。系統沒有 apk 資料庫時無法取得。"},
      .privacy = Privacy::kPublic,
      .origin = Origin::kHost,
      .is_volatile = false,
      .is_live_only = false,
      .example = "SELECT name, version, source FROM apk_packages WHERE name GLOB 'openssl*'",
      .columns = {
          {"name", kText, {"Name of the package.", "套件名稱。"}},
          {"version", kText, {"Version with its revision (-r0).", "版本，含修訂號（-r0）。"}},
          {"source",
           kText,
           {"Package that it was built from; NULL if not recorded.",
            "建置所用的來源套件；未記載則為 NULL。"}},
          {"size",
           kInteger,
           {"Installed size in bytes; NULL if not recorded.",
            "安裝後的大小，單位為位元組；未記載則為 NULL。"}},
          {"arch", kText, {"Architecture; NULL if not recorded.", "架構；未記載則為 NULL。"}},
          {"license",
           kText,
           {"License as the package states it; NULL if not recorded.",
            "套件載明的授權條款；未記載則為 NULL。"}},
          {"maintainer",
           kText,
           {"Maintainer of the package; NULL if not recorded.", "套件維護者；未記載則為 NULL。"}},
          {"checksum",
           kText,
           {"Checksum of the package as apk writes it: Q1 and a SHA-1 in base64; NULL if not "
            "recorded.",
            "apk 記載的套件檢查碼：Q1 加上 base64 的 SHA-1；未記載則為 NULL。"}},
          {"repository_tag",
           kText,
           {"Tag of the pinned repository that it came from; NULL if it came from an ordinary one.",
            "來源為指定標籤之套件庫時的標籤；來自一般套件庫則為 NULL。"}},
          {"build_time",
           kInteger,
           {"When the package was built, seconds since 1970; NULL if not recorded.",
            "套件的建置時間，自 1970 年起的秒數；未記載則為 NULL。"}},
          {"broken",
           kInteger,
           {"1 if apk could not finish installing it, else 0.",
            "apk 未能完成安裝則為 1，否則為 0。"}},
          {"database", kText, {"File of the database that was read.", "所讀取的資料庫檔案。"}},
          {"purl",
           kText,
           {"Package URL (purl); NULL if the distribution is not known.",
            "套件的 Package URL（purl）；發行版不明則為 NULL。"}},
      }};
}

}  // namespace

std::span<const TableSpec> software_tables() {
  static const std::vector<TableSpec> kTables = {deb_packages(), rpm_packages(), apk_packages()};
  return kTables;
}

}  // namespace assay::evidence
