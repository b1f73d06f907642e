#include "evidence/tables/families.h"

namespace assay::evidence {
namespace {

using enum Type;

TableSpec mounts() {
  return {
      .name = "mounts",
      .version = 1,
      .meaning =
          {"Mounted file systems. What the kernel makes up (proc, sysfs, cgroup), and what comes "
           "and goes with sessions and containers, is left out; so are free space and sizes in "
           "use.",
           "已掛載的檔案系統。核心虛擬的檔案系統（proc、sysfs、cgroup）、隨工作階段與容器出現的掛載"
           "，"
           "以及可用空間與用量均不列。"},
      .privacy = Privacy::kPublic,
      .origin = Origin::kHost,
      .is_volatile = false,
      .is_live_only = true,
      .example =
          "SELECT path FROM mounts WHERE path IN ('/tmp', '/dev/shm') AND (nodev = 0 OR "
          "nosuid = 0)",
      .columns = {
          {"device",
           kText,
           {"What is mounted: a device, a share, or a word for none.",
            "掛載的來源：裝置、網路共用，或表示沒有裝置的字詞。"}},
          {"device_alias",
           kText,
           {"The same, with links of /dev followed once.", "同上，但已解開 /dev 的一層連結。"}},
          {"path", kText, {"Where it is mounted.", "掛載點。"}},
          {"type", kText, {"Type of the file system.", "檔案系統類型。"}},
          {"flags",
           kText,
           {"Options, joined by commas; secrets and the folders of layers left out.",
            "選項，以逗號分隔；機密與分層資料夾不列。"}},
          {"read_only",
           kInteger,
           {"1: nothing can be written; 0: it can.", "1：唯讀；0：可寫入。"}},
          {"nodev",
           kInteger,
           {"1: device files do not work; 0: they do.", "1：裝置檔無效；0：有效。"}},
          {"nosuid",
           kInteger,
           {"1: set-user-ID bits do not count; 0: they do.", "1：setuid 位元無效；0：有效。"}},
          {"noexec",
           kInteger,
           {"1: programs cannot be started from it; 0: they can.",
            "1：不能執行其中的程式；0：可以。"}},
          {"network",
           kInteger,
           {"1: a file system of another machine; 0: of this one.",
            "1：位於其他機器；0：位於本機。"}},
      }};
}

TableSpec sensitive_files() {
  return {
      .name = "sensitive_files",
      .version = 1,
      .meaning =
          {"Files that hold secrets, that give rights to whoever starts them, or that others may "
           "change, on the disks of this machine. Contents are never read beyond what tells a key "
           "from other files, and never kept. Left out: layers of containers, snaps, and samples "
           "that packages bring along.",
           "本機磁碟上存有機密、會賦予執行者權限，或他人可變更的檔案。僅讀取足以辨識金鑰的部分，且"
           "絕不"
           "保存內容。容器分層、snap 及套件附帶的範例不列。"},
      .privacy = Privacy::kSensitive,
      .origin = Origin::kHost,
      .is_volatile = false,
      .is_live_only = false,
      .example =
          "SELECT path, mode FROM sensitive_files WHERE kind = 'private_key' AND reason LIKE "
          "'%others_read%'",
      .columns = {
          {"path", kText, {"Path.", "路徑。"}},
          {"kind",
           kText,
           {"private_key, ssh_host_key, key_store, keytab, credentials, password_file (shadow and "
            "its like), sudoers, home_folder, private_folder (.ssh, .gnupg, ...), setuid, setgid, "
            "world_writable_file, world_writable_folder (without sticky bit), no_owner or no_group "
            "(one row for each number without a name: the first path by name), not_looked_at (note "
            "says what is missing below the path).",
            "private_key、ssh_host_key、key_store、keytab、credentials、password_file（shadow "
            "等）、"
            "sudoers、home_folder、private_folder（.ssh、.gnupg 等）、setuid、setgid、"
            "world_writable_file、world_writable_folder（無 sticky 位元）、no_owner 或 no_group"
            "（每個沒有名稱的識別碼一列，為路徑排序的第一個）、not_looked_at（note "
            "說明該路徑下未檢視的部分）。"}},
          {"mode",
           kText,
           {"Permission bits, four octal digits; NULL if kind is not_looked_at.",
            "權限位元，四位八進位數字；kind 為 not_looked_at 則為 NULL。"}},
          {"uid",
           kInteger,
           {"User ID of the owner; NULL as for mode.", "擁有者的使用者識別碼；NULL 的情形同 mode。"}},
          {"gid",
           kInteger,
           {"ID of its group; NULL as for mode.", "所屬群組的識別碼；NULL 的情形同 mode。"}},
          {"owner",
           kText,
           {"Name of the owner; NULL if no local account has that ID.",
            "擁有者名稱；沒有對應的本機帳號則為 NULL。"}},
          {"package",
           kText,
           {"Package (deb, rpm or apk) that owns a setuid or setgid program; NULL for others, if "
            "none does (then reason says no_package), or if its name cannot be told.",
            "擁有 setuid 或 setgid 程式的套件（deb、rpm 或 apk）；其他檔案、沒有（reason 為 "
            "no_package）或無法得知名稱則為 NULL。"}},
          {"encrypted",
           kInteger,
           {"1: the private key has a passphrase; 0: it has none; NULL for others, or if the "
            "format "
            "does not tell.",
            "1：私密金鑰設有通行碼；0：沒有；其他檔案或格式未載明則為 NULL。"}},
          {"reason",
           kText,
           {"What is wrong with it, joined by commas: others_read, others_write, group_read, "
            "group_write, wrong_owner, no_package, package_unknown, no_account, "
            "directory_not_asked, not_read; NULL if nothing is.",
            "問題所在，以逗號分隔：others_read、others_write、group_read、group_write、wrong_"
            "owner、"
            "no_package、package_unknown、no_account、directory_not_asked、not_read；沒有問題則為 "
            "NULL。"}},
          {"note",
           kText,
           {"Begins with 'not looked at:' and says which files below the path are missing from "
            "this table; NULL in all other rows.",
            "以「not looked at:」開頭，說明該路徑下有哪些檔案未列入本表；其他列皆為 NULL。"}},
      }};
}

TableSpec certificates_on_disk() {
  return {
      .name = "certificates_on_disk",
      .version = 1,
      .meaning =
          {"X.509 certificates in files (.pem, .crt, .cer, .der, .cert) where servers and users "
           "keep them. The stores of trusted authorities, what packages bring along, layers of "
           "containers and temporary folders are left out; a bundle of more than 20 certificates "
           "is one row with a note.",
           "伺服器與使用者存放處的 X.509 "
           "憑證檔（.pem、.crt、.cer、.der、.cert）。受信任憑證授權單位的"
           "存放區、套件附帶的檔案、容器分層與暫存資料夾不列；超過 20 "
           "張憑證的合集僅列一列並加註。"},
      .privacy = Privacy::kPersonal,
      .origin = Origin::kHost,
      .is_volatile = false,
      .is_live_only = false,
      .example =
          "SELECT path, common_name, not_valid_after FROM certificates_on_disk, clock WHERE "
          "not_valid_after / 86400 < clock.day",
      .columns = {
          {"common_name",
           kText,
           {"Common name of the subject; NULL if it has none, or there is only a note.",
            "主體的一般名稱；沒有或僅有 note 時為 NULL。"}},
          {"subject",
           kText,
           {"Subject; NULL if it is empty, or there is only a note.",
            "主體；為空或僅有 note 時為 NULL。"}},
          {"issuer",
           kText,
           {"Issuer; NULL if it is empty, or there is only a note.",
            "簽發者；為空或僅有 note 時為 NULL。"}},
          {"ca",
           kInteger,
           {"1: may issue certificates; 0: may not; NULL if there is only a note.",
            "1：可簽發憑證；0：不可；僅有 note 時為 NULL。"}},
          {"self_signed",
           kInteger,
           {"1: issuer and subject are the same; 0: they are not; NULL if there is only a note.",
            "1：簽發者與主體相同；0：不同；僅有 note 時為 NULL。"}},
          {"not_valid_before",
           kInteger,
           {"Valid from, in seconds since 1970-01-01 UTC; NULL if there is only a note.",
            "生效時間，自 1970-01-01 UTC 起的秒數；僅有 note 時為 NULL。"}},
          {"not_valid_after",
           kInteger,
           {"Valid until, in seconds since 1970-01-01 UTC; NULL if there is only a note.",
            "到期時間，自 1970-01-01 UTC 起的秒數；僅有 note 時為 NULL。"}},
          {"signing_algorithm",
           kText,
           {"Algorithm of the signature, such as sha256WithRSAEncryption; NULL if unknown.",
            "簽章演算法，例如 sha256WithRSAEncryption；不明則為 NULL。"}},
          {"key_algorithm",
           kText,
           {"Algorithm of the key, such as rsaEncryption or id-ecPublicKey; NULL if unknown.",
            "金鑰演算法，例如 rsaEncryption、id-ecPublicKey；不明則為 NULL。"}},
          {"key_strength",
           kText,
           {"Bits of the key; NULL if unknown.", "金鑰位元數；不明則為 NULL。"}},
          {"key_usage",
           kText,
           {"What the key may be used for, joined by commas; NULL if the certificate does not "
            "say.",
            "金鑰用途，以逗號分隔；憑證未載明則為 NULL。"}},
          {"serial",
           kText,
           {"Serial number, hexadecimal; NULL if there is only a note.",
            "序號，十六進位；僅有 note 時為 NULL。"}},
          {"sha1",
           kText,
           {"SHA-1 fingerprint; NULL if there is only a note.",
            "SHA-1 指紋；僅有 note 時為 NULL。"}},
          {"path", kText, {"File.", "檔案。"}},
          {"sha256",
           kText,
           {"SHA-256 fingerprint; NULL if there is only a note.",
            "SHA-256 指紋；僅有 note 時為 NULL。"}},
          {"subject_alternative_names",
           kText,
           {"DNS names and addresses it is for, separated by blanks; NULL if it has none.",
            "適用的 DNS 名稱與位址，以空白分隔；沒有則為 NULL。"}},
          {"note",
           kText,
           {"Why a file is not listed in full, or, beginning with 'not looked at:', which files "
            "below the path are missing; NULL if nothing is.",
            "檔案未完整列出的原因；以「not looked at:」開頭者說明該路徑下未檢視的檔案；皆無則為 "
            "NULL。"}},
      }};
}

}  // namespace

std::span<const TableSpec> files_tables() {
  static const std::vector<TableSpec> kTables = {mounts(), sensitive_files(),
                                                 certificates_on_disk()};
  return kTables;
}

}  // namespace assay::evidence
