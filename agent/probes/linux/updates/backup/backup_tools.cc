#include "agent/probes/linux/updates/backup/backup_tools.h"

#include <array>

namespace assay::agent {
namespace {

using Words = std::string_view;
template <std::size_t N>
using List = std::array<Words, N>;

constexpr List<3> kAcronis = {"/usr/lib/Acronis/BackupAndRecovery/mms",
                              "/opt/acronis/bin/acronis_mms", "/usr/sbin/acrocmd"};
constexpr List<2> kAcronisWords = {"acrocmd", "acropsh"};
constexpr List<2> kAcronisUnits = {"acronis_mms.service", "aakore.service"};
constexpr List<3> kAmanda = {"/usr/sbin/amdump", "/usr/lib/amanda/amandad",
                             "/usr/libexec/amanda/amandad"};
constexpr List<1> kAmandaWords = {"amdump"};
constexpr List<3> kAmandaUnits = {"amanda.socket", "amanda-udp.socket", "amandad.service"};
constexpr List<1> kAutoMysql = {"/usr/sbin/automysqlbackup"};
constexpr List<1> kAutoMysqlWords = {"automysqlbackup"};
constexpr List<1> kAutoPostgres = {"/usr/sbin/autopostgresqlbackup"};
constexpr List<1> kAutoPostgresWords = {"autopostgresqlbackup"};
constexpr List<2> kBackupNinja = {"/usr/sbin/backupninja", "/usr/local/sbin/backupninja"};
constexpr List<1> kBackupNinjaWords = {"backupninja"};
constexpr List<2> kBackupPc = {"/usr/share/backuppc/bin/BackupPC",
                               "/usr/share/BackupPC/bin/BackupPC"};
constexpr List<1> kBackupPcWords = {"BackupPC"};
constexpr List<1> kBackupPcUnits = {"backuppc.service"};
constexpr List<2> kBacula = {"/usr/sbin/bacula-fd", "/opt/bacula/bin/bacula-fd"};
constexpr List<1> kBaculaWords = {"bacula-fd"};
constexpr List<1> kBaculaUnits = {"bacula-fd.service"};
constexpr List<1> kBareos = {"/usr/sbin/bareos-fd"};
constexpr List<1> kBareosWords = {"bareos-fd"};
constexpr List<2> kBareosUnits = {"bareos-filedaemon.service", "bareos-fd.service"};
constexpr List<1> kBarman = {"/usr/bin/barman"};
constexpr List<1> kBarmanWords = {"barman"};
constexpr List<2> kBorg = {"/usr/bin/borg", "/usr/local/bin/borg"};
constexpr List<2> kBorgWords = {"borg", "borgbackup"};
constexpr List<3> kBorgmatic = {"/usr/bin/borgmatic", "/usr/local/bin/borgmatic",
                                "/root/.local/bin/borgmatic"};
constexpr List<1> kBorgmaticWords = {"borgmatic"};
constexpr List<2> kCommvault = {"/opt/commvault/Base/cvd", "/opt/simpana/Base/cvd"};
constexpr List<1> kCommvaultWords = {"cvd"};
constexpr List<2> kCommvaultUnits = {"commvault.Instance001.service", "commvault.service"};
constexpr List<1> kDejaDup = {"/usr/bin/deja-dup"};
constexpr List<1> kDejaDupWords = {"deja-dup"};
constexpr List<2> kDuplicati = {"/usr/bin/duplicati-server", "/usr/lib/duplicati/duplicati-server"};
constexpr List<2> kDuplicatiWords = {"duplicati-cli", "duplicati"};
constexpr List<1> kDuplicatiUnits = {"duplicati.service"};
constexpr List<2> kDuplicity = {"/usr/bin/duplicity", "/usr/local/bin/duplicity"};
constexpr List<2> kDuplicityWords = {"duplicity", "duply"};
constexpr List<2> kKopia = {"/usr/bin/kopia", "/usr/local/bin/kopia"};
constexpr List<1> kKopiaWords = {"kopia"};
constexpr List<2> kMysql = {"/usr/bin/mysqldump", "/usr/bin/mariadb-dump"};
constexpr List<4> kMysqlWords = {"mysqldump", "mariadb-dump", "mariabackup", "xtrabackup"};
constexpr List<2> kNetBackup = {"/usr/openv/netbackup/bin/bpcd",
                                "/usr/openv/netbackup/bin/bpbackup"};
constexpr List<1> kNetBackupWords = {"bpbackup"};
constexpr List<1> kNetBackupUnits = {"netbackup.service"};
constexpr List<2> kPgBackRest = {"/usr/bin/pgbackrest", "/usr/local/bin/pgbackrest"};
constexpr List<1> kPgBackRestWords = {"pgbackrest"};
constexpr List<1> kPgDump = {"/usr/bin/pg_dump"};
constexpr List<4> kPgDumpWords = {"pg_dump", "pg_dumpall", "pg_basebackup", "pg_backupcluster"};
constexpr List<1> kProxmox = {"/usr/bin/proxmox-backup-client"};
constexpr List<2> kProxmoxWords = {"proxmox-backup-client", "vzdump"};
constexpr List<2> kRdiff = {"/usr/bin/rdiff-backup", "/usr/local/bin/rdiff-backup"};
constexpr List<1> kRdiffWords = {"rdiff-backup"};
constexpr List<2> kRestic = {"/usr/bin/restic", "/usr/local/bin/restic"};
constexpr List<3> kResticWords = {"restic", "autorestic", "resticprofile"};
constexpr List<2> kRsnapshot = {"/usr/bin/rsnapshot", "/usr/local/bin/rsnapshot"};
constexpr List<1> kRsnapshotWords = {"rsnapshot"};
constexpr List<1> kRsync = {"/usr/bin/rsync"};
constexpr List<3> kRsyncWords = {"rsync", "rsnap", "rclone"};
constexpr List<1> kSnapper = {"/usr/bin/snapper"};
constexpr List<2> kSnapperWords = {"snapper", "systemd-helper"};
constexpr List<1> kSynology = {"/opt/Synology/ActiveBackupforBusiness/bin/service-ctrl"};
constexpr List<1> kSynologyWords = {"abb-cli"};
constexpr List<1> kSynologyUnits = {"synology-active-backup-business-linux-service.service"};
constexpr List<1> kTimeshift = {"/usr/bin/timeshift"};
constexpr List<1> kTimeshiftWords = {"timeshift"};
constexpr List<1> kTsm = {"/opt/tivoli/tsm/client/ba/bin/dsmc"};
constexpr List<1> kTsmWords = {"dsmc"};
constexpr List<2> kTsmUnits = {"dsmcad.service", "dsmsched.service"};
constexpr List<2> kUrBackup = {"/usr/local/sbin/urbackupclientbackend",
                               "/usr/sbin/urbackupclientbackend"};
constexpr List<1> kUrBackupWords = {"urbackupclientctl"};
constexpr List<1> kUrBackupUnits = {"urbackupclientbackend.service"};
constexpr List<2> kVeeam = {"/usr/bin/veeamconfig", "/usr/sbin/veeamservice"};
constexpr List<1> kVeeamWords = {"veeamconfig"};
constexpr List<1> kVeeamUnits = {"veeamservice.service"};

constexpr std::array kTools = {
    BackupTool{"Acronis", "agent", kAcronis, kAcronisWords, kAcronisUnits},
    BackupTool{"Amanda", "agent", kAmanda, kAmandaWords, kAmandaUnits},
    BackupTool{"BackupPC", "files", kBackupPc, kBackupPcWords, kBackupPcUnits},
    BackupTool{"Bacula", "agent", kBacula, kBaculaWords, kBaculaUnits},
    BackupTool{"Bareos", "agent", kBareos, kBareosWords, kBareosUnits},
    BackupTool{"Barman", "database", kBarman, kBarmanWords, {}},
    BackupTool{"Commvault", "agent", kCommvault, kCommvaultWords, kCommvaultUnits},
    BackupTool{"Duplicati", "files", kDuplicati, kDuplicatiWords, kDuplicatiUnits},
    BackupTool{"deja-dup", "files", kDejaDup, kDejaDupWords, {}},
    BackupTool{"NetBackup", "agent", kNetBackup, kNetBackupWords, kNetBackupUnits},
    BackupTool{"Proxmox Backup", "agent", kProxmox, kProxmoxWords, {}},
    BackupTool{"Spectrum Protect", "agent", kTsm, kTsmWords, kTsmUnits},
    BackupTool{"Synology Active Backup", "agent", kSynology, kSynologyWords, kSynologyUnits},
    BackupTool{"UrBackup", "agent", kUrBackup, kUrBackupWords, kUrBackupUnits},
    BackupTool{"Veeam", "agent", kVeeam, kVeeamWords, kVeeamUnits},
    BackupTool{"automysqlbackup", "database", kAutoMysql, kAutoMysqlWords, {}},
    BackupTool{"autopostgresqlbackup", "database", kAutoPostgres, kAutoPostgresWords, {}},
    BackupTool{"backupninja", "files", kBackupNinja, kBackupNinjaWords, {}},
    BackupTool{"borg", "files", kBorg, kBorgWords, {}},
    BackupTool{"borgmatic", "files", kBorgmatic, kBorgmaticWords, {}},
    BackupTool{"duplicity", "files", kDuplicity, kDuplicityWords, {}},
    BackupTool{"kopia", "files", kKopia, kKopiaWords, {}},
    BackupTool{"mysqldump", "database", kMysql, kMysqlWords, {}, true},
    BackupTool{"pg_dump", "database", kPgDump, kPgDumpWords, {}, true},
    BackupTool{"pgBackRest", "database", kPgBackRest, kPgBackRestWords, {}},
    BackupTool{"rdiff-backup", "files", kRdiff, kRdiffWords, {}},
    BackupTool{"restic", "files", kRestic, kResticWords, {}},
    BackupTool{"rsnapshot", "files", kRsnapshot, kRsnapshotWords, {}},
    BackupTool{"rsync", "files", kRsync, kRsyncWords, {}, true},
    BackupTool{"snapper", "snapshot", kSnapper, kSnapperWords, {}},
    BackupTool{"timeshift", "snapshot", kTimeshift, kTimeshiftWords, {}},
};

}  // namespace

std::span<const BackupTool> backup_tools() {
  return kTools;
}

}  // namespace assay::agent
