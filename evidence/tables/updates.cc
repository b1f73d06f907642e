#include "evidence/tables/families.h"
#include "evidence/tables/updates_family.h"

namespace assay::evidence {
namespace {

using enum Type;

TableSpec apt_sources() {
  return {
      .name = "apt_sources",
      .version = 1,
      .meaning =
          {"Where apt gets packages from: each address with each of its suites, and the "
           "state of the list that was fetched from it last.",
           "apt 取得套件的來源：每個位址與套件集（suite）各一列，並列出上次取得清單的狀態。"},
      .privacy = Privacy::kSensitive,
      .origin = Origin::kHost,
      .is_volatile = false,
      .is_live_only = false,
      .example = "SELECT name, source, line FROM apt_sources WHERE enabled = 1 AND trusted = 1",
      .columns = {
          {"name",
           kText,
           {"Address without scheme, and suite.", "不含通訊協定的位址，加上套件集。"}},
          {"source", kText, {"File that names the source.", "設定此來源的檔案。"}},
          {"base_uri",
           kText,
           {"Address, without user, password and anything that looks like a token.",
            "位址，已去除帳號、密碼及疑似權杖的部分。"}},
          {"release",
           kText,
           {"Code name by the list fetched last; NULL if none was fetched or it names none.",
            "上次取得之清單所載的代號；未曾取得或未載明則為 NULL。"}},
          {"version",
           kText,
           {"Version by the list fetched last; NULL if none was fetched or it names none.",
            "上次取得之清單所載的版本；未曾取得或未載明則為 NULL。"}},
          {"maintainer",
           kText,
           {"Origin by the list fetched last, such as Debian; NULL if none was fetched or it names "
            "none.",
            "上次取得之清單所載的發行者（Origin），例如 Debian；未曾取得或未載明則為 NULL。"}},
          {"components",
           kText,
           {"Components, separated by blanks; NULL for a flat repository.",
            "元件，以空白分隔；平面式套件庫則為 NULL。"}},
          {"architectures",
           kText,
           {"Architectures that the entry names; NULL: those of the system.",
            "設定中指定的架構；NULL 表示採系統的架構。"}},
          {"type", kText, {"deb, or deb-src for source code.", "deb；原始碼則為 deb-src。"}},
          {"suite", kText, {"Suite as written in the entry.", "設定中所寫的套件集。"}},
          {"enabled",
           kInteger,
           {"1: used; 0: switched off by Enabled: no.", "1：使用中；0：以 Enabled: no 停用。"}},
          {"signed_by",
           kText,
           {"Key files or fingerprints that may sign it, or 'inline key'; NULL: any key in "
            "/etc/apt/trusted.gpg and trusted.gpg.d.",
            "可簽署此來源的金鑰檔或指紋，或 inline key；NULL 表示 /etc/apt/trusted.gpg 與 "
            "trusted.gpg.d 內任一金鑰皆可。"}},
          {"trusted",
           kInteger,
           {"1: packages are installed without a valid signature; 0: never trusted; NULL: not "
            "set, so signatures decide.",
            "1：沒有有效簽章也會安裝；0：一律不信任；NULL 表示未設定，以簽章為準。"}},
          {"check_valid_until",
           kInteger,
           {"0: outdated lists are accepted; 1: refused; NULL: set neither here nor in apt's "
            "settings.",
            "0：接受過期的清單；1：拒絕；此來源與 apt 設定皆未設定則為 NULL。"}},
          {"allow_insecure",
           kInteger,
           {"1: lists without signature are accepted; 0: refused; NULL: set neither here nor in "
            "apt's "
            "settings.",
            "1：接受未簽章的清單；0：拒絕；此來源與 apt 設定皆未設定則為 NULL。"}},
          {"label",
           kText,
           {"Label by the list fetched last, such as Debian-Security; NULL if none was fetched or "
            "it names none.",
            "上次取得之清單所載的標籤，例如 Debian-Security；未曾取得或未載明則為 NULL。"}},
          {"list_date",
           kText,
           {"Day on which the fetched list was made (YYYY-MM-DD); NULL if none was fetched.",
            "所取得清單的製作日期（YYYY-MM-DD）；未曾取得則為 NULL。"}},
          {"valid_until",
           kText,
           {"Last day on which the fetched list is valid (YYYY-MM-DD); NULL if it states none.",
            "所取得清單的有效期限（YYYY-MM-DD）；未載明則為 NULL。"}},
          {"last_update",
           kText,
           {"Day of the last fetch of lists, of any source (YYYY-MM-DD); NULL if there was none.",
            "最近一次更新清單的日期，不分來源（YYYY-MM-DD）；從未更新則為 NULL。"}},
          {"line",
           kInteger,
           {"Line of the file where the entry begins.", "設定在檔案中的起始行號。"}},
          {"note",
           kText,
           {"Why something is not known; NULL if all is.",
            "無法得知某項的原因；都已得知則為 NULL。"}},
      }};
}

TableSpec yum_repos() {
  return {
      .name = "yum_repos",
      .version = 1,
      .meaning = {"Where dnf, yum and zypper get packages from, with the defaults of their main "
                  "settings applied.",
                  "dnf、yum 與 zypper 取得套件的來源，已套用其主設定的預設值。"},
      .privacy = Privacy::kSensitive,
      .origin = Origin::kHost,
      .is_volatile = false,
      .is_live_only = false,
      .example = "SELECT id, source FROM yum_repos WHERE enabled = 1 AND gpgcheck = 0",
      .columns = {
          {"name",
           kText,
           {"Name for people; NULL if not given.", "供人閱讀的名稱；未提供則為 NULL。"}},
          {"source", kText, {"File that names the source.", "設定此來源的檔案。"}},
          {"baseurl",
           kText,
           {"Addresses, separated by blanks, without user, password and anything that looks like a "
            "token; NULL if not given.",
            "位址，以空白分隔，已去除帳號、密碼及疑似權杖的部分；未提供則為 NULL。"}},
          {"mirrorlist",
           kText,
           {"Address of a list of mirrors, likewise; NULL if not given.",
            "鏡像站清單的位址，處理方式同上；未提供則為 NULL。"}},
          {"metalink",
           kText,
           {"Address of a metalink, likewise; NULL if not given.",
            "metalink 的位址，處理方式同上；未提供則為 NULL。"}},
          {"enabled", kInteger, {"1: used; 0: not used.", "1：使用中；0：未使用。"}},
          {"gpgcheck",
           kInteger,
           {"1: signatures of packages are checked; 0: they are not; NULL: not set anywhere, and "
            "the default differs between versions.",
            "1：檢查套件簽章；0：不檢查；NULL 表示各處皆未設定，而預設值因版本而異。"}},
          {"gpgkey",
           kText,
           {"Addresses of keys, separated by blanks; NULL if none is named.",
            "金鑰位址，以空白分隔；未指定則為 NULL。"}},
          {"id", kText, {"Identifier: the section's name.", "識別碼，即區段名稱。"}},
          {"manager", kText, {"dnf or zypper.", "dnf 或 zypper。"}},
          {"repo_gpgcheck",
           kInteger,
           {"1: the signature of the list itself is checked; 0: it is not; NULL: not set anywhere.",
            "1：檢查清單本身的簽章；0：不檢查；各處皆未設定則為 NULL。"}},
          {"sslverify",
           kInteger,
           {"0: certificates of the server are not verified; 1: they are; NULL: not set anywhere.",
            "0：不驗證伺服器憑證；1：驗證；各處皆未設定則為 NULL。"}},
          {"priority",
           kInteger,
           {"Smaller goes first; NULL if not set.", "數字小者優先；未設定則為 NULL。"}},
          {"exclude",
           kText,
           {"Packages that are never taken from it, so never updated; NULL if none.",
            "排除的套件，因此不會由此更新；沒有則為 NULL。"}},
          {"line",
           kInteger,
           {"Line of the file where the entry begins.", "設定在檔案中的起始行號。"}},
      }};
}

TableSpec pending_updates() {
  return {
      .name = "pending_updates",
      .version = 1,
      .meaning =
          {"Installed packages for which apt, apk, dnf, yum or zypper would choose a newer "
           "version, by "
           "the lists that it fetched last: see list_date here and last_update of apt_sources, "
           "because old lists hide updates. A list of apk, dnf, yum or zypper that was fetched "
           "more "
           "than 14 days ago has a row of its own that says so. Lists are read as they lie in the "
           "managers' caches: Packages files and XML, plain or packed (gzip, bzip2, xz, zstd, LZ4, "
           "zchunk), the databases of yum 3, and apk's indexes. Nothing is fetched.",
           "依 apt、apk、dnf、yum 或 zypper "
           "上次取得的清單，會選擇較新版本的已安裝套件；清單過舊會看不到更新，"
           "請對照 list_date 與 apt_sources 的 last_update。apk、dnf、yum 或 zypper "
           "的清單若取得已逾 14 "
           "天，"
           "會另有一列說明。清單直接讀自套件管理工具的快取：Packages 檔與 XML（未壓縮，或以 "
           "gzip、bzip2、xz、zstd、LZ4、zchunk 壓縮），yum 3 "
           "的資料庫，以及 apk 的索引；不會連線下載任何資料。"},
      .privacy = Privacy::kSensitive,
      .origin = Origin::kHost,
      .is_volatile = false,
      .is_live_only = false,
      .example =
          "SELECT name, version, available_version FROM pending_updates WHERE is_security = 1",
      .columns = {
          {"name",
           kText,
           {"Name of the package; NULL in a row that only says what is unknown.",
            "套件名稱；僅說明未知事項的列則為 NULL。"}},
          {"version",
           kText,
           {"Installed version; NULL as for name.", "已安裝的版本；NULL 的情形同 name。"}},
          {"available_version",
           kText,
           {"Version that would be installed; NULL as for name.",
            "將安裝的版本；NULL 的情形同 name。"}},
          {"arch", kText, {"Architecture; NULL if not recorded.", "架構；未記載則為 NULL。"}},
          {"source",
           kText,
           {"Source package; NULL if it has the package's own name.",
            "原始碼套件；與套件同名時為 NULL。"}},
          {"origin",
           kText,
           {"Who publishes the list, such as Debian; NULL if it does not say.",
            "清單的發行者，例如 Debian；未載明則為 NULL。"}},
          {"label",
           kText,
           {"Label of the list, such as Debian-Security, or the repository's name for people; NULL "
            "if it has none.",
            "清單的標籤，例如 Debian-Security，或套件庫供人閱讀的名稱；沒有則為 NULL。"}},
          {"suite",
           kText,
           {"Suite of the list, such as stable-security; NULL if it has none.",
            "清單的套件集，例如 stable-security；沒有則為 NULL。"}},
          {"codename",
           kText,
           {"Code name of the list, such as bookworm-security; NULL if it has none.",
            "清單的代號，例如 bookworm-security；沒有則為 NULL。"}},
          {"component",
           kText,
           {"Component, such as main; NULL for a flat repository.",
            "元件，例如 main；平面式套件庫則為 NULL。"}},
          {"is_security",
           kInteger,
           {"1: this version, or one between it and the installed one, is a security update; 0: "
            "none is; NULL: the publisher does not mark them.",
            "1：此版本或介於已安裝版本之間者屬安全性更新；0：不是；發行者未標示則為 NULL。"}},
          {"is_held",
           kInteger,
           {"1: held back by the administrator; 0: not; NULL as for name.",
            "1：管理者設為保留（hold）不更新；0：否；NULL 的情形同 name。"}},
          {"phased_percent",
           kInteger,
           {"Share of machines that get it by now, in percent; NULL if all do.",
            "目前分階段推送的機器百分比；全部推送則為 NULL。"}},
          {"list_date",
           kText,
           {"Day on which the list was made (YYYY-MM-DD); NULL if it does not say.",
            "清單的製作日期（YYYY-MM-DD）；未載明則為 NULL。"}},
          {"purl",
           kText,
           {"Package URL of the installed version; NULL if its distribution is not known.",
            "已安裝版本的 Package URL；發行版不明則為 NULL。"}},
          {"unknown_reason",
           kText,
           {"What may hide further updates, or which of them are security updates: a source whose "
            "list was never fetched or is old, or a pin that is not understood; NULL in rows of "
            "packages.",
            "可能遮蔽其他更新、或使人無法得知何者屬安全性更新的原因：來源清單從未取得或已過舊，"
            "或無法解讀的 pin；套件列則為 NULL。"}},
          {"repository",
           kText,
           {"Repository that offers it: of dnf, yum or zypper its identifier, of apk its address; "
            "NULL "
            "for apt's.",
            "提供此版本之套件庫：dnf、yum 或 zypper 為其識別碼，apk 為其位址；apt 則為 NULL。"}},
          {"advisories",
           kText,
           {"Security advisories of versions behind the installed one up to this, such as "
            "RHSA-2024:1234, separated by blanks; NULL if none is known.",
            "已安裝版本之後至此版本為止的安全性公告，例如 RHSA-2024:1234，以空白分隔；"
            "未知則為 NULL。"}},
      }};
}

}  // namespace

std::span<const TableSpec> updates_tables() {
  static const std::vector<TableSpec> kTables = {
      apt_sources(),      automatic_updates(), backup_jobs(),     kernel_modules(),
      package_installs(), pending_updates(),   reboot_required(), scheduled_tasks(),
      update_history(),   yum_repos()};
  return kTables;
}

}  // namespace assay::evidence
