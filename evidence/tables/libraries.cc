#include "evidence/tables/families.h"

namespace assay::evidence {
namespace {

using enum Type;

TableSpec go_binaries() {
  return {
      .name = "go_binaries",
      .version = 1,
      .meaning = {"Go modules built into the programs of the PATH folders and into running "
                  "programs, from the build information that Go's linker writes. Not: programs of "
                  "containers, and programs that a packer such as UPX hides.",
                  "PATH 目錄中的程式與執行中程式內含的 Go 模組，取自 Go "
                  "連結器寫入的建置資訊。不含容器內的程式，以及以 UPX 等加殼工具隱藏者。"},
      .privacy = Privacy::kPersonal,
      .origin = Origin::kHost,
      .is_volatile = false,
      .is_live_only = false,
      .example =
          "SELECT path, module, version FROM go_binaries WHERE kind = 'standard_library' AND "
          "module = 'stdlib'",
      .columns = {
          {"path",
           kText,
           {"Path of the program, without symbolic links; NULL for processes that may not be "
            "looked at: see note.",
            "程式路徑，不含符號連結；無權查看的處理程序為 NULL，見 note。"}},
          {"kind",
           kText,
           {"main (the program itself), standard_library, or dependency.",
            "main（程式本身）、standard_library（標準函式庫）或 dependency（相依模組）。"}},
          {"module",
           kText,
           {"Path of the module; stdlib for Go's standard library; NULL if the program was built "
            "without modules or its build information cannot be read: see note.",
            "模組路徑；Go 標準函式庫為 stdlib；建置時未使用模組或無法讀取建置資訊則為 NULL，見 "
            "note。"}},
          {"version",
           kText,
           {"Version of the module as Go writes it, (devel) when built from a folder; of the "
            "standard library, the version of Go without its go; NULL if not recorded.",
            "Go 所記的模組版本，由本機目錄建置者為 (devel)；標準函式庫則為去掉 go 字樣的 Go "
            "版本；未記載則為 NULL。"}},
          {"replaces",
           kText,
           {"Module in whose place this one was built in; NULL if it stands for itself.",
            "此模組所取代的原模組；未取代其他模組則為 NULL。"}},
          {"go_version",
           kText,
           {"Version of Go that built the program; NULL if it cannot be read: see note.",
            "建置此程式的 Go 版本；無法讀取則為 NULL，見 note。"}},
          {"package",
           kText,
           {"Import path of the program's main package; NULL in other rows and if not recorded.",
            "程式主套件的匯入路徑；其他列及未記載者為 NULL。"}},
          {"revision",
           kText,
           {"Revision of the source in its version control; NULL in other rows and if not "
            "recorded.",
            "原始碼在版本控制系統中的修訂編號；其他列及未記載者為 NULL。"}},
          {"purl",
           kText,
           {"Package URL (purl); NULL if module or version is not known.",
            "套件的 Package URL（purl）；模組或版本不明則為 NULL。"}},
          {"note",
           kText,
           {"Why the program or folder could not be read; NULL if it could.",
            "程式或目錄無法讀取的原因；可讀取則為 NULL。"}},
      }};
}

TableSpec java_archives() {
  return {
      .name = "java_archives",
      .version = 1,
      .meaning = {"Java archives (jar, war, ear, par) in all folders and those within them, one "
                  "level deep: a row for each Maven artifact inside, and one for the manifest "
                  "where no artifact has its version. Not looked into: layers of container images "
                  "in their usual places, snaps, network file systems.",
                  "所有目錄中的 Java 封存檔（jar、war、ear、par）及其內含一層的封存檔：其中每個 "
                  "Maven 成品一列；若無成品與 manifest 的版本相同，則 manifest "
                  "另成一列。不查看：位於預設位置的容器映像層、snap、網路檔案系統。"},
      .privacy = Privacy::kPersonal,
      .origin = Origin::kHost,
      .is_volatile = false,
      .is_live_only = false,
      .example = "SELECT path, nested, version FROM java_archives WHERE name = 'log4j-core'",
      .columns = {
          {"path", kText, {"Path of the file.", "檔案路徑。"}},
          {"nested",
           kText,
           {"Name of the archive within the file that the row is about; NULL for the file itself.",
            "此列所述之內含封存檔的名稱；指檔案本身則為 NULL。"}},
          {"kind",
           kText,
           {"jar, war, ear or par, by the ending of the name.",
            "依檔名結尾：jar、war、ear 或 par。"}},
          {"name",
           kText,
           {"Artifact id of Maven; else from the manifest the title, the bundle's symbolic name or "
            "the module's name; NULL if none of them says: see note.",
            "Maven 的 artifact id；否則取 manifest 的標題、bundle 代號或模組名稱；皆無則為 "
            "NULL，見 note。"}},
          {"version",
           kText,
           {"Version from the same place; NULL if not recorded.",
            "取自同一處的版本；未記載則為 NULL。"}},
          {"vendor",
           kText,
           {"Vendor from the manifest; NULL if not recorded, or when the row is about another "
            "artifact.",
            "manifest 所記的廠商；未記載或此列為其他成品則為 NULL。"}},
          {"group_id",
           kText,
           {"Group id of Maven; NULL if not known.", "Maven 的 group id；不明則為 NULL。"}},
          {"source",
           kText,
           {"Where the row comes from: maven (pom.properties) or manifest; NULL if the archive "
            "could not be read.",
            "此列的來源：maven（pom.properties）或 manifest；封存檔無法讀取則為 NULL。"}},
          {"purl",
           kText,
           {"Package URL (purl); NULL if Maven's group, artifact or version is not known.",
            "套件的 Package URL（purl）；Maven 的 group、artifact 或版本不明則為 NULL。"}},
          {"note",
           kText,
           {"Why something is not known: a broken, encrypted or too large archive, one that says "
            "nothing, archives at a deeper level; or, beginning with 'not looked at:', which "
            "archives below the path are missing; NULL if there is nothing to say.",
            "有資訊不明的原因：封存檔毀損、加密、過大、未記載任何資訊，或更深層的封存檔；以「not looked "
            "at:」開頭者說明該路徑下未檢視的封存檔；無則為 "
            "NULL。"}},
      }};
}

TableSpec npm_packages() {
  return {.name = "npm_packages",
          .version = 1,
          .meaning = {"npm packages installed in any node_modules folder, or in Debian's "
                      "/usr/share/nodejs. Not looked into: layers of container images in their "
                      "usual places, snaps, network file systems.",
                      "安裝於任一 node_modules 目錄或 Debian 的 /usr/share/nodejs 的 npm "
                      "套件。不查看：位於預設位置的容器映像層、snap、網路檔案系統。"},
          .privacy = Privacy::kPersonal,
          .origin = Origin::kHost,
          .is_volatile = false,
          .is_live_only = false,
          .example = "SELECT name, version, path FROM npm_packages WHERE name = 'lodash'",
          .columns = {
              {"name",
               kText,
               {"Name of the package, with its scope; NULL if it has none or package.json cannot "
                "be read: see note.",
                "套件名稱，含 scope；沒有名稱或 package.json 無法讀取則為 NULL，見 note。"}},
              {"version", kText, {"Version; NULL if not recorded.", "版本；未記載則為 NULL。"}},
              {"description",
               kText,
               {"Description, cut after 400 bytes; NULL if there is none.",
                "說明，超過 400 位元組即截斷；沒有則為 NULL。"}},
              {"author",
               kText,
               {"Name of the author, without addresses; NULL if there is none.",
                "作者姓名，不含聯絡地址；沒有則為 NULL。"}},
              {"license", kText, {"Licence; NULL if not recorded.", "授權條款；未記載則為 NULL。"}},
              {"homepage",
               kText,
               {"Address of the project's page; NULL if there is none.",
                "專案網頁位址；沒有則為 NULL。"}},
              {"path", kText, {"Path of package.json.", "package.json 的路徑。"}},
              {"directory",
               kText,
               {"Folder in which the node_modules folder is.", "node_modules 所在的目錄。"}},
              {"purl",
               kText,
               {"Package URL (purl); NULL if name or version is not known.",
                "套件的 Package URL（purl）；名稱或版本不明則為 NULL。"}},
              {"note",
               kText,
               {"Why package.json could not be read, or, beginning with 'not looked at:', which "
                "packages below the path are missing; NULL if nothing is.",
                "package.json 無法讀取的原因；以「not looked at:」開頭者說明該路徑下未檢視的套件；"
                "皆無則為 NULL。"}},
          }};
}

TableSpec python_packages() {
  return {
      .name = "python_packages",
      .version = 1,
      .meaning = {"Python packages installed in any folder, virtual environments included, from "
                  "the metadata of wheels and eggs. Not looked into: layers of container images in "
                  "their usual places, snaps, network file systems.",
                  "安裝於任一目錄（含虛擬環境）的 Python 套件，取自 wheel 與 egg "
                  "的中繼資料。不查看：位於預設位置的容器映像層、snap、網路檔案系統。"},
      .privacy = Privacy::kPersonal,
      .origin = Origin::kHost,
      .is_volatile = false,
      .is_live_only = false,
      .example = "SELECT name, version, path FROM python_packages WHERE name = 'requests'",
      .columns = {
          {"name",
           kText,
           {"Name of the package; NULL if its metadata cannot be read: see note.",
            "套件名稱；中繼資料無法讀取則為 NULL，見 note。"}},
          {"uid",
           kInteger,
           {"Owner of the metadata; NULL if it is not known.",
            "中繼資料檔案的擁有者；不明則為 NULL。"}},
          {"version", kText, {"Version; NULL if not recorded.", "版本；未記載則為 NULL。"}},
          {"summary",
           kText,
           {"Summary, cut after 400 bytes; NULL if there is none.",
            "摘要，超過 400 位元組即截斷；沒有則為 NULL。"}},
          {"author",
           kText,
           {"Names of the authors, without addresses; NULL if there are none.",
            "作者姓名，不含聯絡地址；沒有則為 NULL。"}},
          {"license",
           kText,
           {"Licence: its expression, else its first line, else its class; NULL if not recorded.",
            "授權條款：取其運算式，否則取首行，再否則取分類；未記載則為 NULL。"}},
          {"path",
           kText,
           {"Path of the package's .dist-info or .egg-info.",
            "套件的 .dist-info 或 .egg-info 路徑。"}},
          {"directory", kText, {"Folder in which its modules are.", "模組所在的目錄。"}},
          {"purl",
           kText,
           {"Package URL (purl); NULL if name or version is not known.",
            "套件的 Package URL（purl）；名稱或版本不明則為 NULL。"}},
          {"note",
           kText,
           {"Why the metadata could not be read, or, beginning with 'not looked at:', which "
            "packages below the path are missing; NULL if nothing is.",
            "中繼資料無法讀取的原因；以「not looked at:」開頭者說明該路徑下未檢視的套件；皆無則為 "
            "NULL。"}},
      }};
}

TableSpec unpackaged_binaries() {
  return {
      .name = "unpackaged_binaries",
      .version = 1,
      .meaning =
          {"Programs in PATH folders (of the system, and bin folders of homes) and running "
           "programs that no package owns, by the lists of files of dpkg, apk and rpm; scripts "
           "count in PATH folders, and a running script shows as its interpreter. Snaps and "
           "flatpaks own what is theirs. Not: programs of containers. Unavailable on a system with "
           "none of these lists.",
           "PATH 目錄（系統目錄與家目錄的 bin）中及執行中、不屬於任何套件的程式，依 dpkg、apk 與 "
           "rpm 的檔案清單判斷；PATH 目錄中的指令稿也算，執行中的指令稿則顯示為其直譯器。snap 與 "
           "flatpak 擁有各自的檔案。不含容器內的程式。系統沒有上述任何清單時，無法取得此表。"},
      .privacy = Privacy::kPersonal,
      .origin = Origin::kHost,
      .is_volatile = false,
      .is_live_only = false,
      .example = "SELECT path, sha256 FROM unpackaged_binaries WHERE running = 1",
      .columns = {
          {"path",
           kText,
           {"Path, without symbolic links; of a program, or of a folder that could not be "
            "looked into; NULL for processes that may not be looked at: see note.",
            "路徑，不含符號連結；為程式，或無法查看的目錄；無權查看的處理程序為 NULL，見 note。"}},
          {"kind",
           kText,
           {"elf, script (begins with #!) or other; NULL if it cannot be read: see note.",
            "elf、script（以 #! 開頭）或 other；無法讀取則為 NULL，見 note。"}},
          {"sha256",
           kText,
           {"SHA-256 of the content, in hexadecimal; NULL if it cannot be read: see note.",
            "內容的 SHA-256，十六進位；無法讀取則為 NULL，見 note。"}},
          {"size",
           kInteger,
           {"Size in bytes; NULL if not known.", "大小，單位為位元組；不明則為 NULL。"}},
          {"uid", kInteger, {"Owner; NULL if not known.", "擁有者；不明則為 NULL。"}},
          {"gid", kInteger, {"Group; NULL if not known.", "群組；不明則為 NULL。"}},
          {"mode",
           kText,
           {"Permission bits, octal, such as 0755; NULL if not known.",
            "權限位元，八進位，例如 0755；不明則為 NULL。"}},
          {"in_path",
           kInteger,
           {"1 if it is in a folder of PATH or a link there leads to it.",
            "位於 PATH 的目錄或該處有連結指向它則為 1。"}},
          {"running", kInteger, {"1 if a process runs it.", "有執行中的處理程序使用它則為 1。"}},
          {"note",
           kText,
           {"Why something is not known, or that what runs is no longer this file; NULL if "
            "there is nothing to say.",
            "有資訊不明的原因，或執行中的已不是此檔案；無則為 NULL。"}},
      }};
}

}  // namespace

std::span<const TableSpec> libraries_tables() {
  static const std::vector<TableSpec> kTables = {go_binaries(), java_archives(), npm_packages(),
                                                 python_packages(), unpackaged_binaries()};
  return kTables;
}

}  // namespace assay::evidence
