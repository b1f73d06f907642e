#include "evidence/tables/families.h"

namespace assay::evidence {
namespace {

using enum Type;

TableSpec sshd_config() {
  return {
      .name = "sshd_config",
      .version = 1,
      .meaning =
          {"What the OpenSSH server is set to, as sshd -T prints it, with the file and line of "
           "each "
           "value: the first value of a keyword counts, Include and Match are followed, and what "
           "no file says stands with its default. Values of SetEnv and arguments of commands are "
           "left out. No row: no OpenSSH server is installed.",
           "OpenSSH 伺服器實際的設定，寫法同 sshd -T，並附每個值的檔案與行號：同一關鍵字以第一個值"
           "為準，Include 與 Match 皆已展開，檔案未提及者列出預設值。SetEnv 的值與命令的引數不列。"
           "沒有任何列表示未安裝 OpenSSH 伺服器。"},
      .privacy = Privacy::kSensitive,
      .origin = Origin::kHost,
      .is_volatile = false,
      .is_live_only = false,
      .example =
          "SELECT value, source, line, \"match\" FROM sshd_config WHERE keyword = "
          "'permitrootlogin'",
      .columns = {
          {"keyword",
           kText,
           {"The keyword in small letters, under its present name.",
            "關鍵字，以小寫及現行名稱表示。"}},
          {"value",
           kText,
           {"The value; one row for each value of Port, ListenAddress, HostKey, AcceptEnv, "
            "AllowUsers and their like; times in seconds. NULL: not determinable (then note says "
            "why).",
            "設定值；Port、ListenAddress、HostKey、AcceptEnv、AllowUsers 等每個值各一列；"
            "時間以秒計。NULL：無法判定（原因見 note）。"}},
          {"source",
           kText,
           {"File that says so; NULL for a default.", "設定所在的檔案；預設值為 NULL。"}},
          {"line",
           kInteger,
           {"Line in that file, counted from 1; NULL for a default.",
            "該檔案中的行號，從 1 起算；預設值為 NULL。"}},
          {"match",
           kText,
           {"Criteria of the Match section that the value stands in; it holds only for connections "
            "that fit, and goes before the value for all. NULL: for every connection.",
            "所在 Match 區段的條件；僅適用於符合的連線，且優先於全域的值。NULL：適用於所有連線。"}},
          {"origin",
           kText,
           {"configured, or default (built into this version of OpenSSH).",
            "configured（已設定）或 default（此版 OpenSSH 內建）。"}},
          {"note",
           kText,
           {"What a reader must know, such as why value is NULL; NULL if nothing.",
            "須知事項，例如 value 為何是 NULL；沒有則為 NULL。"}},
      }};
}

TableSpec crypto_policy() {
  return {
      .name = "crypto_policy",
      .version = 1,
      .meaning =
          {"What the system as a whole asks of cryptography: the policy of the distribution, the "
           "configuration of OpenSSL and GnuTLS for all programs, FIPS mode and lockdown of the "
           "kernel. A program's own settings can be stricter or laxer.",
           "全系統的密碼學要求：發行版的加密政策、OpenSSL 與 GnuTLS 對所有程式的設定、核心的 FIPS "
           "模式與 lockdown。個別程式可另行放寬或加嚴。"},
      .privacy = Privacy::kSensitive,
      .origin = Origin::kHost,
      .is_volatile = false,
      .is_live_only = false,
      .example =
          "SELECT value, source, line FROM crypto_policy WHERE component = 'openssl' AND "
          "setting = 'oldest_protocol'",
      .columns = {
          {"component",
           kText,
           {"system (crypto-policies), openssl, gnutls or kernel.",
            "system（crypto-policies）、openssl、gnutls 或 kernel。"}},
          {"setting",
           kText,
           {"system: policy. openssl: min_protocol, max_protocol, dtls_min_protocol, "
            "cipher_string, ciphersuites, options, protocol, security_level, and oldest_protocol: "
            "the oldest version of TLS that all of them together leave. gnutls: the keys of its "
            "file. kernel: fips_mode (1 on), lockdown.",
            "system：policy。openssl：min_protocol、max_protocol、dtls_min_protocol、cipher_"
            "string、"
            "ciphersuites、options、protocol、security_level，以及 "
            "oldest_protocol（綜合上述後仍可用的"
            "最舊 TLS 版本）。gnutls：其設定檔的鍵。kernel：fips_mode（1 為啟用）、lockdown。"}},
          {"value",
           kText,
           {"The value; NULL: not set, or not determinable (then note says why).",
            "值；NULL：未設定，或無法判定（原因見 note）。"}},
          {"source",
           kText,
           {"File that decides; NULL if no file does.", "決定此值的檔案；沒有則為 NULL。"}},
          {"line",
           kInteger,
           {"Line in that file, counted from 1; NULL if no single line decides.",
            "該檔案中的行號，從 1 起算；並非由單一行決定則為 NULL。"}},
          {"origin",
           kText,
           {"configured, default (built in) or absent (the component is not installed).",
            "configured（已設定）、default（內建）或 absent（未安裝該元件）。"}},
          {"note",
           kText,
           {"What a reader must know, such as why value is NULL; NULL if nothing.",
            "須知事項，例如 value 為何是 NULL；沒有則為 NULL。"}},
      }};
}

TableSpec disk_encryption() {
  return {
      .name = "disk_encryption",
      .version = 1,
      .meaning =
          {"Whether what is written to each mounted file system of a disk, and to each swap area, "
           "is encrypted. Encryption that the drive, the storage or the hypervisor does by itself "
           "cannot be seen from here. Swap in memory (zram) is no disk and has no row.",
           "每個已掛載的磁碟檔案系統與置換空間，其寫入的資料是否加密。由磁碟、儲存設備或虛擬化平台"
           "自行加密者無從得知。位於記憶體的置換空間（zram）不是磁碟，不列。"},
      .privacy = Privacy::kSensitive,
      .origin = Origin::kHost,
      .is_volatile = false,
      .is_live_only = true,
      .example = "SELECT name, path, type FROM disk_encryption WHERE encrypted = 0",
      .columns = {
          {"name", kText, {"Device, or file of a swap area.", "裝置，或置換空間的檔案。"}},
          {"uuid",
           kText,
           {"UUID of the LUKS header, without hyphens; NULL if there is none.",
            "LUKS 標頭的 UUID，不含連字號；沒有則為 NULL。"}},
          {"encrypted",
           kInteger,
           {"1: all devices below are encrypted; 0: at least one is not; NULL: not determinable "
            "(then note says why).",
            "1：底層裝置全部加密；0：至少有一個未加密；NULL：無法判定（原因見 note）。"}},
          {"type",
           kText,
           {"LUKS1, LUKS2, plain (dm-crypt without header), BitLocker, TrueCrypt, loop-AES, "
            "FileVault2, ecryptfs, gocryptfs, ... or none; NULL: not determinable.",
            "LUKS1、LUKS2、plain（無標頭的 dm-crypt）、BitLocker、TrueCrypt、loop-AES、FileVault2、"
            "ecryptfs、gocryptfs 等，或 none；NULL：無法判定。"}},
          {"encryption_status",
           kText,
           {"encrypted, not encrypted or undefined.",
            "encrypted（已加密）、not encrypted（未加密）或 undefined（無法判定）。"}},
          {"path", kText, {"Mount point; NULL for swap.", "掛載點；置換空間為 NULL。"}},
          {"use", kText, {"file system or swap.", "file system（檔案系統）或 swap（置換空間）。"}},
          {"layers",
           kText,
           {"What the device lies on, from the top, such as \"lvm on LUKS2\"; NULL: not "
            "determinable.",
            "裝置由上而下的組成，例如「lvm on LUKS2」；NULL：無法判定。"}},
          {"note",
           kText,
           {"What a reader must know, such as why encrypted is NULL; NULL if nothing.",
            "須知事項，例如 encrypted 為何是 NULL；沒有則為 NULL。"}},
      }};
}

TableSpec screen_lock() {
  return {
      .name = "screen_lock",
      .version = 1,
      .meaning =
          {"After how long without input the desktops that are installed lock the screen: a row "
           "for the system, one for each user whose own files say otherwise, and one for logind, "
           "which can lock or end sessions of any kind. The idle times of shells and of ssh are in "
           "login_settings and sshd_config.",
           "已安裝的桌面環境在閒置多久後鎖定畫面：系統設定一列，自行設定的使用者各一列，另有可鎖定"
           "或"
           "結束任何工作階段的 logind 一列。shell 與 ssh 的閒置時間見 login_settings 與 "
           "sshd_config。"},
      .privacy = Privacy::kSensitive,
      .origin = Origin::kHost,
      .is_volatile = false,
      .is_live_only = false,
      .example =
          "SELECT desktop, idle_seconds FROM screen_lock WHERE username IS NULL AND "
          "(idle_seconds = 0 OR idle_seconds > 900)",
      .columns = {
          {"desktop",
           kText,
           {"gnome, kde, xfce, mate, cinnamon, xscreensaver or logind.",
            "gnome、kde、xfce、mate、cinnamon、xscreensaver 或 logind。"}},
          {"username",
           kText,
           {"The account whose own settings these are; NULL: those of the system.",
            "自行設定的帳號；NULL：系統設定。"}},
          {"idle_seconds",
           kInteger,
           {"Seconds without input until the screen goes dark; 0: never; NULL: not determinable "
            "(then note says why).",
            "閒置多少秒後關閉畫面；0：永不；NULL：無法判定（原因見 note）。"}},
          {"lock_enabled",
           kInteger,
           {"1: a dark screen is locked, or an idle session ended; 0: it is not; NULL: not "
            "determinable.",
            "1：畫面關閉後會鎖定，或結束閒置的工作階段；0：不會；NULL：無法判定。"}},
          {"lock_delay_seconds",
           kInteger,
           {"Seconds between dark and locked; NULL: not determinable, or there is no such setting.",
            "畫面關閉到鎖定之間的秒數；NULL：無法判定或無此設定。"}},
          {"mandatory",
           kInteger,
           {"1: users cannot change it; 0: they can; NULL: not determinable.",
            "1：使用者不能變更；0：可以；NULL：無法判定。"}},
          {"source",
           kText,
           {"File that decides the time; NULL: the program's own default.",
            "決定時間的檔案；NULL：程式的預設值。"}},
          {"line",
           kInteger,
           {"Line in that file, counted from 1; NULL if no line decides.",
            "該檔案中的行號，從 1 起算；並非由某一行決定則為 NULL。"}},
          {"note",
           kText,
           {"What a reader must know, such as why a value is NULL; NULL if nothing.",
            "須知事項，例如某值為何是 NULL；沒有則為 NULL。"}},
      }};
}

TableSpec usb_policy() {
  return {
      .name = "usb_policy",
      .version = 1,
      .meaning = {"What keeps USB storage and other USB devices from being used. One row for each "
                  "control, also for those that are not in force.",
                  "限制 USB 儲存裝置與其他 USB 裝置的措施。每項措施一列，未生效者亦列出。"},
      .privacy = Privacy::kSensitive,
      .origin = Origin::kHost,
      .is_volatile = false,
      .is_live_only = false,
      .example = "SELECT control, value FROM usb_policy WHERE in_force = 1",
      .columns = {
          {"control",
           kText,
           {"usb_storage_driver, uas_driver (kernel modules), authorized_default (of the kernel's "
            "command line), usbguard, udev_rule or polkit_udisks.",
            "usb_storage_driver、uas_driver（核心模組）、authorized_"
            "default（核心開機參數）、usbguard、"
            "udev_rule 或 polkit_udisks。"}},
          {"in_force",
           kInteger,
           {"1: it restricts; 0: it does not; NULL: not determinable (then note says why).",
            "1：有限制；0：沒有；NULL：無法判定（原因見 note）。"}},
          {"value",
           kText,
           {"drivers: loadable, blacklisted, install disabled or built in; usbguard: what happens "
            "to a device that no rule names, and the number of rules; NULL if there is nothing to "
            "say.",
            "驅動程式：loadable、blacklisted、install disabled 或 built "
            "in；usbguard：對沒有規則的裝置"
            "如何處理及規則數；沒有可說明者為 NULL。"}},
          {"source",
           kText,
           {"File that decides; NULL if no file does.", "決定此項的檔案；沒有則為 NULL。"}},
          {"line",
           kInteger,
           {"Line in that file, counted from 1; NULL if no single line decides.",
            "該檔案中的行號，從 1 起算；並非由單一行決定則為 NULL。"}},
          {"note",
           kText,
           {"What a reader must know, such as why in_force is NULL; NULL if nothing.",
            "須知事項，例如 in_force 為何是 NULL；沒有則為 NULL。"}},
      }};
}

TableSpec usb_devices() {
  return {
      .name = "usb_devices",
      .version = 1,
      .meaning = {"USB devices that are plugged in now, hubs included.",
                  "目前接上的 USB 裝置，含集線器。"},
      .privacy = Privacy::kPersonal,
      .origin = Origin::kHost,
      .is_volatile = false,
      .is_live_only = true,
      .example =
          "SELECT vendor, model, serial FROM usb_devices WHERE interface_classes LIKE "
          "'%08%'",
      .columns = {
          {"usb_port",
           kText,
           {"Where it is plugged in, as the kernel names it, such as 1-1.2.",
            "插接位置，依核心命名，例如 1-1.2。"}},
          {"vendor",
           kText,
           {"Maker, as the device says; NULL if it does not.",
            "裝置自述的製造商；沒有則為 NULL。"}},
          {"vendor_id", kText, {"Maker's number, hexadecimal.", "製造商代碼，十六進位。"}},
          {"version",
           kText,
           {"Release number of the device; NULL if it does not say.",
            "裝置的版本編號；沒有則為 NULL。"}},
          {"model",
           kText,
           {"Product, as the device says; NULL if it does not.",
            "裝置自述的產品名稱；沒有則為 NULL。"}},
          {"model_id",
           kText,
           {"Product's number, hexadecimal; NULL if unknown.",
            "產品代碼，十六進位；不明則為 NULL。"}},
          {"serial",
           kText,
           {"Serial number; NULL if the device has none.", "序號；裝置沒有則為 NULL。"}},
          {"class",
           kText,
           {"Class, hexadecimal; 00: each function has its own, see interface_classes; NULL if "
            "unknown.",
            "類別，十六進位；00：各功能自有類別，見 interface_classes；不明則為 NULL。"}},
          {"subclass",
           kText,
           {"Subclass, hexadecimal; NULL if unknown.", "次類別，十六進位；不明則為 NULL。"}},
          {"protocol",
           kText,
           {"Protocol, hexadecimal; NULL if unknown.", "協定，十六進位；不明則為 NULL。"}},
          {"removable",
           kInteger,
           {"1: at a port that users reach; 0: built in; NULL if the firmware does not say.",
            "1：位於使用者可插拔的連接埠；0：內建；韌體未說明則為 NULL。"}},
          {"authorized",
           kInteger,
           {"1: the kernel lets it be used; 0: it does not; NULL if unknown.",
            "1：核心允許使用；0：不允許；不明則為 NULL。"}},
          {"interface_classes",
           kText,
           {"Classes of its functions, hexadecimal, joined by commas: 08 is storage; NULL if it "
            "has none.",
            "各功能的類別，十六進位，以逗號分隔：08 為儲存；沒有則為 NULL。"}},
      }};
}

}  // namespace

std::span<const TableSpec> hardening_tables() {
  static const std::vector<TableSpec> kTables = {sshd_config(), crypto_policy(), disk_encryption(),
                                                 screen_lock(), usb_policy(),    usb_devices()};
  return kTables;
}

}  // namespace assay::evidence
