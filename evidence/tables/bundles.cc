#include "evidence/tables/families.h"

namespace assay::evidence {
namespace {

using enum Type;

TableSpec snap_packages() {
  return {
      .name = "snap_packages",
      .version = 1,
      .meaning = {"Snaps that snapd installed, one row for each revision that is kept. Empty on a "
                  "system without snaps.",
                  "snapd 安裝的 snap，每個保留的版次一列。系統沒有 snap 時為空。"},
      .privacy = Privacy::kPublic,
      .origin = Origin::kHost,
      .is_volatile = false,
      .is_live_only = false,
      .example =
          "SELECT name, version, channel FROM snap_packages WHERE current = 1 AND confinement IN "
          "('classic', 'devmode')",
      .columns = {
          {"name", kText, {"Name of the snap.", "snap 名稱。"}},
          {"instance",
           kText,
           {"Name of the installation: the snap's name, with a key if it is installed several "
            "times.",
            "安裝實例的名稱：即 snap 名稱，重複安裝時另附識別鍵。"}},
          {"version",
           kText,
           {"Version as its maker states it; NULL if the revision is not mounted.",
            "製作者載明的版本；該版次未掛載則為 NULL。"}},
          {"revision",
           kText,
           {"Revision: a number of the store, or x and a number for one that was made here.",
            "版次：商店的編號；本機製作者為 x 加數字。"}},
          {"type",
           kText,
           {"app, base, kernel, gadget, os or snapd; NULL if not stated.",
            "app、base、kernel、gadget、os 或 snapd；未載明則為 NULL。"}},
          {"channel",
           kText,
           {"Channel that it follows; NULL if it follows none or snapd's state is not there.",
            "所追蹤的發行頻道；未追蹤任何頻道或沒有 snapd 狀態檔則為 NULL。"}},
          {"confinement",
           kText,
           {"strict, classic (not confined) or devmode (not enforced); NULL if not stated.",
            "strict、classic（不受限制）或 devmode（限制不生效）；未載明則為 NULL。"}},
          {"base",
           kText,
           {"Snap whose system it runs on; NULL if it has none or the revision is not mounted.",
            "執行時所依附的基底 snap；沒有基底或該版次未掛載則為 NULL。"}},
          {"snap_id",
           kText,
           {"Identifier in the store; NULL if it is not from the store or snapd's state is not "
            "there.",
            "商店中的識別碼；並非來自商店或沒有 snapd 狀態檔則為 NULL。"}},
          {"current",
           kInteger,
           {"1 for the revision in use, 0 for one that is kept to go back to.",
            "使用中的版次為 1；保留供回復的版次為 0。"}},
          {"active",
           kInteger,
           {"1 if it can be run, 0 if the snap is disabled or the revision is not current.",
            "可執行為 1；snap 已停用或非使用中版次為 0。"}},
          {"path",
           kText,
           {"Folder where the revision is mounted; NULL if it is not mounted.",
            "該版次的掛載目錄；未掛載則為 NULL。"}},
          {"note",
           kText,
           {"What could not be read, and why; NULL if nothing is missing.",
            "無法讀取的內容與原因；沒有缺漏則為 NULL。"}},
          {"purl",
           kText,
           {"Package URL (purl) of type snap, without a version if that is not known.",
            "snap 類型的 Package URL（purl）；版本不明時不含版本。"}},
      }};
}

TableSpec flatpak_packages() {
  return {
      .name = "flatpak_packages",
      .version = 1,
      .meaning = {"Applications and runtimes that flatpak installed for the system, or a person in "
                  "the home folder. Empty on a system without flatpaks.",
                  "flatpak 為系統或個人（家目錄）安裝的應用程式與執行環境。系統沒有 flatpak "
                  "時為空。"},
      .privacy = Privacy::kPersonal,
      .origin = Origin::kHost,
      .is_volatile = false,
      .is_live_only = false,
      .example =
          "SELECT name, version, origin, end_of_life FROM flatpak_packages WHERE "
          "end_of_life IS NOT NULL",
      .columns = {
          {"name",
           kText,
           {"Identifier, such as org.gimp.GIMP; NULL in a row that only says, in note, what could "
            "not be read.",
            "識別名稱，例如 org.gimp.GIMP；該列只以 note 說明無法讀取的內容時為 NULL。"}},
          {"version",
           kText,
           {"Version of the application; NULL if its data does not state one, as for runtimes.",
            "應用程式的版本；其資料未載明（例如執行環境）則為 NULL。"}},
          {"kind",
           kText,
           {"app or runtime; NULL in a row that is only a note.",
            "app 或 runtime；僅為說明的列則為 NULL。"}},
          {"arch",
           kText,
           {"Architecture; NULL in a row that is only a note.", "架構；僅為說明的列則為 NULL。"}},
          {"branch",
           kText,
           {"Branch, such as stable; NULL in a row that is only a note.",
            "分支，例如 stable；僅為說明的列則為 NULL。"}},
          {"origin",
           kText,
           {"Name of the remote that it came from; NULL if not recorded.",
            "來源套件庫（remote）的名稱；未記載則為 NULL。"}},
          {"commit_id",
           kText,
           {"Commit that is deployed; NULL if not recorded.",
            "已部署的 commit；未記載則為 NULL。"}},
          {"runtime",
           kText,
           {"Runtime that it needs; NULL for a runtime or if not recorded.",
            "所需的執行環境；本身為執行環境或未記載則為 NULL。"}},
          {"license",
           kText,
           {"License as its data states it; NULL if not recorded.",
            "其資料載明的授權條款；未記載則為 NULL。"}},
          {"size",
           kInteger,
           {"Installed size in bytes; NULL if not recorded.",
            "安裝後的大小，單位為位元組；未記載則為 NULL。"}},
          {"end_of_life",
           kText,
           {"Why its maker says that it is no longer updated; NULL if nothing was said.",
            "製作者宣告不再更新的原因；未宣告則為 NULL。"}},
          {"installation",
           kText,
           {"system, or user for one in a home folder.", "system；位於家目錄者為 user。"}},
          {"username",
           kText,
           {"Whose home folder it is in; NULL for the system's installation.",
            "所在家目錄的帳號；系統安裝則為 NULL。"}},
          {"path",
           kText,
           {"Folder where it is deployed, or that could not be read.",
            "部署的目錄，或無法讀取的目錄。"}},
          {"note",
           kText,
           {"What could not be read, and why; NULL if nothing is missing.",
            "無法讀取的內容與原因；沒有缺漏則為 NULL。"}},
          {"purl",
           kText,
           {"Package URL (purl) of type flatpak, without a version if that is not known; NULL in a "
            "row that is only a note.",
            "flatpak 類型的 Package URL（purl），版本不明時不含版本；僅為說明的列則為 NULL。"}},
      }};
}

TableSpec container_images() {
  return {
      .name = "container_images",
      .version = 1,
      .meaning = {"Images that container engines stored, one row for each name of an image, read "
                  "from the engines' own files. What is in an image is not looked at.",
                  "容器引擎所儲存的映像檔，每個名稱一列，讀自引擎本身的檔案；不檢視映像檔內容。"},
      .privacy = Privacy::kPersonal,
      .origin = Origin::kHost,
      .is_volatile = false,
      .is_live_only = false,
      .example = "SELECT engine, name, tag, id FROM container_images WHERE tag = 'latest'",
      .columns = {
          {"engine",
           kText,
           {"docker, containerd, or containers-storage, which Podman, Buildah and CRI-O share.",
            "docker、containerd，或 Podman、Buildah、CRI-O 共用的 containers-storage。"}},
          {"namespace",
           kText,
           {"Namespace of containerd that knows the image, such as k8s.io or moby; NULL for other "
            "engines.",
            "containerd 中知悉該映像檔的 namespace，例如 k8s.io 或 moby；其他引擎則為 NULL。"}},
          {"name",
           kText,
           {"Repository that the image is named after, with the registry if it is written; NULL if "
            "it has no name.",
            "映像檔名稱，含載明的登錄庫（registry）；沒有名稱則為 NULL。"}},
          {"tag", kText, {"Tag; NULL if it has none.", "標籤；沒有則為 NULL。"}},
          {"id",
           kText,
           {"Identifier: digest of the image's configuration; NULL if the engine does not record "
            "it, "
            "and in a row that is only a note.",
            "識別碼，即映像檔設定的摘要；引擎未記載，或僅為說明的列，則為 NULL。"}},
          {"digest",
           kText,
           {"Digest of its manifest in the registry; NULL if it was never pulled or pushed.",
            "登錄庫中 manifest 的摘要；從未拉取或推送則為 NULL。"}},
          {"created",
           kInteger,
           {"When the image was made, seconds since 1970; NULL if it does not say.",
            "映像檔的製作時間，自 1970 年起的秒數；未載明則為 NULL。"}},
          {"size",
           kInteger,
           {"Bytes of all its layers unpacked, shared ones too; NULL if that of one is not "
            "recorded.",
            "所有層解開後的位元組數，含共用的層；任一層未記載則為 NULL。"}},
          {"architecture",
           kText,
           {"Architecture, such as amd64; NULL if not recorded.",
            "架構，例如 amd64；未記載則為 NULL。"}},
          {"os",
           kText,
           {"Operating system, such as linux; NULL if not recorded.",
            "作業系統，例如 linux；未記載則為 NULL。"}},
          {"username",
           kText,
           {"Whose home folder the store is in; NULL for the system's.",
            "儲存位置所在家目錄的帳號；屬於系統則為 NULL。"}},
          {"store", kText, {"Folder of the engine's data.", "引擎資料所在目錄。"}},
          {"note",
           kText,
           {"What could not be read, and why; NULL if nothing is missing.",
            "無法讀取的內容與原因；沒有缺漏則為 NULL。"}},
          {"purl",
           kText,
           {"Package URL (purl): of type oci with the digest, of type docker with the identifier "
            "if "
            "there is no digest; NULL if it has no name.",
            "Package URL（purl）：有摘要為 oci 類型，否則為含識別碼的 docker 類型；沒有名稱則為 "
            "NULL。"}},
      }};
}

}  // namespace

std::span<const TableSpec> bundle_tables() {
  static const std::vector<TableSpec> kTables = {snap_packages(), flatpak_packages(),
                                                 container_images()};
  return kTables;
}

}  // namespace assay::evidence
