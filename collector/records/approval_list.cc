#include "collector/records/approval_list.h"

#include <algorithm>

namespace assay::collector {
namespace {

const Text kNoPackageInstaller = {"no record says who installed it and when",
                                  "無紀錄載明安裝者與安裝時間"};
const Text kNotInAptLogs = {
    "the logs of apt and dpkg that are left do not say it; apt notes the person only where sudo or "
    "pkexec was used",
    "現存的 apt 與 dpkg 紀錄檔未載明；apt 僅於使用 sudo 或 pkexec 時記載執行者"};
const Text kNotInRpmHistory = {"the history of dnf, yum or zypper that is left does not say it",
                               "現存的 dnf、yum 或 zypper 歷史紀錄未載明"};
const Text kNotInApkLog = {"apk's log does not say who ran it", "apk 紀錄檔不記載執行者"};
const Text kOwnerOnly = {"only the owner of its files is known, and not when it was installed",
                         "僅知檔案擁有者，無從得知安裝時間"};
const Text kNoOpener = {"the evidence does not say who opened it", "證據未載明開放者"};
const Text kNoGranter = {"the evidence does not say who granted the rights", "證據未載明授權者"};
const Text kNoConfigurer = {"the evidence does not say who set it", "證據未載明設定者"};

// `more`: tables beside its own that `columns` look into.
SeenIn packages(const std::string& kind, const std::string& table, const std::string& columns,
                const std::string& where = "1", const std::vector<std::string>& more = {},
                const Text& no_installer = kNoPackageInstaller) {
  std::vector<std::string> tables = {table};
  tables.insert(tables.end(), more.begin(), more.end());
  return {kind,
          std::move(tables),
          "SELECT '" + kind + "' AS kind, " + columns + " FROM " + table + " p WHERE " + where,
          {"kind", "name"},
          {"version"},
          no_installer};
}

// Packages in any folder: their files have an owner.
SeenIn owned_packages(const std::string& kind, const std::string& table) {
  return packages(kind, table,
                  "p.name, p.version, p.author AS publisher, p.purl, p.path, NULL AS sha256,"
                  " NULL AS repository, NULL AS installed_at, (SELECT min(u.username) FROM users u"
                  " WHERE u.uid = p.uid) AS installed_by",
                  "p.name IS NOT NULL", {"users"}, kOwnerOnly);
}

// What the last of the package manager's logs says of a package.
std::string last_install(const std::string& what, const std::string& managers) {
  return "(SELECT " + what + " FROM package_installs i WHERE i.name = p.name AND i.manager IN (" +
         managers + ") ORDER BY i.time DESC LIMIT 1)";
}

SeenIn debs() {
  const std::string logs = "'apt', 'dpkg'";
  return packages("deb", "deb_packages",
                  "p.name, p.version, p.maintainer AS publisher, p.purl, NULL AS path,"
                  " NULL AS sha256, NULL AS repository, " +
                      last_install("replace(i.time, ' ', 'T')", logs) + " AS installed_at, " +
                      last_install("i.username", logs) + " AS installed_by",
                  "p.status IS NULL OR p.status LIKE '% installed'", {"package_installs"},
                  kNotInAptLogs);
}

SeenIn rpms() {
  const std::string logs = "'dnf', 'yum', 'zypper'";
  const std::string who =
      "coalesce(i.username, (SELECT min(u.username) FROM users u WHERE u.uid = i.uid),"
      " 'uid ' || i.uid)";
  return packages("rpm", "rpm_packages",
                  "p.name, CASE WHEN p.epoch > 0 THEN p.epoch || ':' ELSE '' END || p.version ||"
                  " '-' || p.release AS version, p.vendor AS publisher, p.purl, NULL AS path,"
                  " NULL AS sha256, " +
                      last_install("i.repository", logs) +
                      " AS repository, p.install_time AS installed_at, " + last_install(who, logs) +
                      " AS installed_by",
                  "p.name <> 'gpg-pubkey'", {"package_installs", "users"}, kNotInRpmHistory);
}

// apk's log has the time, and never who ran it.
SeenIn apks() {
  return packages("apk", "apk_packages",
                  "p.name, p.version, p.maintainer AS publisher, p.purl, NULL AS path,"
                  " NULL AS sha256, p.repository_tag AS repository, " +
                      last_install("replace(i.time, ' ', 'T')", "'apk'") +
                      " AS installed_at, NULL AS installed_by",
                  "p.name IS NOT NULL", {"package_installs"}, kNotInApkLog);
}

std::vector<SeenIn> software() {
  std::vector<SeenIn> seen = {
      debs(),
      rpms(),
      apks(),
      owned_packages("python", "python_packages"),
      packages("npm", "npm_packages",
               "p.name, p.version, p.author AS publisher, p.purl, p.path, NULL AS sha256,"
               " NULL AS repository, NULL AS installed_at, NULL AS installed_by",
               "p.name IS NOT NULL"),
      packages("java", "java_archives",
               "p.name, p.version, p.vendor AS publisher, p.purl, p.path, NULL AS sha256,"
               " NULL AS repository, NULL AS installed_at, NULL AS installed_by",
               "p.name IS NOT NULL"),
      packages("go", "go_binaries",
               "p.module AS name, p.version, NULL AS publisher, p.purl, p.path, NULL AS sha256,"
               " NULL AS repository, NULL AS installed_at, NULL AS installed_by",
               "p.kind = 'main' AND p.module IS NOT NULL"),
      packages("snap", "snap_packages",
               "p.name, p.version, NULL AS publisher, p.purl, p.path, NULL AS sha256,"
               " p.channel AS repository, NULL AS installed_at, NULL AS installed_by",
               "p.current = 1"),
      packages("flatpak", "flatpak_packages",
               "p.name, p.version, NULL AS publisher, p.purl, p.path, NULL AS sha256,"
               " p.origin AS repository, NULL AS installed_at, p.username AS installed_by",
               "p.name IS NOT NULL"),
      packages("container", "container_images",
               "p.name, p.tag AS version, NULL AS publisher, p.purl, NULL AS path,"
               " NULL AS sha256, NULL AS repository, NULL AS installed_at,"
               " p.username AS installed_by",
               "p.name IS NOT NULL"),
      {"program",
       {"unpackaged_binaries", "users"},
       "SELECT 'program' AS kind, NULL AS name, NULL AS version, NULL AS publisher, NULL AS purl,"
       " p.path, p.sha256, NULL AS repository, NULL AS installed_at, (SELECT min(u.username)"
       " FROM users u WHERE u.uid = p.uid) AS installed_by FROM unpackaged_binaries p"
       " WHERE p.path IS NOT NULL AND p.kind IS NOT NULL",
       {"kind", "path"},
       {"sha256"},
       kOwnerOnly},
  };
  return seen;
}

// Rows that name one thing exactly are looked up by one text (a pair of columns would be searched
// for NULLs one by one); only the others are tried one after another, so that a list that was
// learnt from a machine costs what a machine has, and not its square.
constexpr std::string_view kSoftwareIsApproved = R"sql(
  coalesce(s.kind || char(10) || s.name IN (SELECT key FROM plain), 0) OR
  coalesce(s.kind || char(10) || s.name || char(10) || s.version IN (SELECT key FROM plain), 0) OR
  coalesce(s.kind || char(10) || s.name || char(10) || s.version_1 IN (SELECT key FROM plain), 0) OR
  coalesce(s.kind || char(10) || s.name || char(10) || s.version_2 IN (SELECT key FROM plain), 0) OR
  EXISTS (SELECT 1 FROM other a WHERE a.kind = s.kind
    AND (a.name IS NULL OR coalesce(s.name, '') GLOB a.name)
    AND (a.version IS NULL OR a.version IN (s.version, s.version_1, s.version_2))
    AND (a.min_version IS NULL OR CASE s.kind WHEN 'rpm'
         THEN rpm_compare(s.version, a.min_version)
         ELSE dpkg_compare(s.version, a.min_version) END >= 0)
    AND (a.max_version IS NULL OR CASE s.kind WHEN 'rpm'
         THEN rpm_compare(s.version, a.max_version)
         ELSE dpkg_compare(s.version, a.max_version) END <= 0)
    AND (a.publisher IS NULL OR coalesce(s.publisher, '') GLOB a.publisher)
    AND (a.purl IS NULL OR coalesce(s.purl, '') GLOB a.purl)
    AND (a.path IS NULL OR coalesce(s.path, '') GLOB a.path)
    AND (a.sha256 IS NULL OR a.sha256 = s.sha256)
    AND (a.repository IS NULL OR coalesce(s.repository, '') GLOB a.repository))
)sql";
constexpr std::string_view kPlainSoftware =
    "name IS NOT NULL AND name NOT GLOB '*[*?[]*' AND min_version IS NULL AND max_version IS NULL"
    " AND publisher IS NULL AND purl IS NULL AND path IS NULL AND sha256 IS NULL AND"
    " repository IS NULL";

// Accounts that are root, are in a group of administrators, or may run all commands as root, be it
// by a group. Also those of a directory, which only sudo's rules name.
constexpr std::string_view kAdministrators = R"sql(
SELECT username, group_concat(DISTINCT rights) AS rights, NULL AS installed_at,
  NULL AS installed_by
FROM (
  SELECT username, 'uid 0' AS rights FROM users WHERE uid = 0
  UNION ALL
  SELECT m.username, 'group ' || g.groupname FROM user_groups x
    JOIN groups g ON g.gid = x.gid JOIN users m ON m.uid = x.uid
    WHERE g.groupname IN ('sudo', 'wheel', 'admin') OR '%' || g.groupname IN
      (SELECT who FROM sudoers WHERE as_root = 1 AND all_commands = 1)
  UNION ALL
  SELECT who, 'sudo' FROM sudoers WHERE as_root = 1 AND all_commands = 1
    AND substr(who, 1, 1) NOT IN ('%', '#', '+', '!')
)
WHERE username <> 'root'
GROUP BY username)sql";

std::vector<ApprovalList> make_lists() {
  return {
      {"allowlist",
       {"Approved software", "核准軟體"},
       software(),
       std::string(kSoftwareIsApproved)},
      {"approved_listeners",
       {"Ports that may be open", "核准開放的連接埠"},
       {{"",
         {"listening_ports"},
         "SELECT DISTINCT port, protocol, process, package, path, NULL AS installed_at,"
         " NULL AS installed_by FROM listening_ports"
         " WHERE address_class(address) IS NOT 'loopback'",
         {"port", "protocol", "process"},
         {},
         kNoOpener}},
       "EXISTS (SELECT 1 FROM held a WHERE a.port = s.port AND a.protocol = s.protocol AND"
       " (a.process IS NULL OR coalesce(s.process, '') GLOB a.process))"},
      {"approved_administrators",
       {"Accounts that may have administrators' rights", "核准的管理者帳號"},
       {{"",
         {"users", "groups", "user_groups", "sudoers"},
         std::string(kAdministrators),
         {"username"},
         {},
         kNoGranter}},
       "EXISTS (SELECT 1 FROM held a, reviewed_host h WHERE a.username = s.username AND"
       " (a.host IS NULL OR h.name GLOB a.host))"},
      {"approved_resolvers",
       {"Name servers that may be asked", "核准使用的 DNS 伺服器"},
       {{"",
         {"dns_resolvers"},
         "SELECT DISTINCT address, NULL AS installed_at, NULL AS installed_by FROM dns_resolvers"
         " WHERE type IN ('nameserver', 'fallback_nameserver') AND address IS NOT NULL AND"
         " address_class(address) IS NOT 'loopback'",
         {"address"},
         {},
         kNoConfigurer}},
       "EXISTS (SELECT 1 FROM held a WHERE a.address = s.address OR"
       " in_network(s.address, a.address) = 1)"},
      {"support_contracts", {"Support contracts", "延伸支援合約"}, {}, {}},
      {"phase_out_plans", {"Phase-out plans", "汰除計畫"}, {}, {}},
      {"networks", {"Networks and their zones", "網段與區域"}, {}, {}},
  };
}

}  // namespace

std::span<const ApprovalList> approval_lists() {
  static const auto kLists = make_lists();
  return kLists;
}

const ApprovalList* find_approval_list(std::string_view name) {
  const auto lists = approval_lists();
  const auto found = std::ranges::find(lists, name, &ApprovalList::name);
  return found == lists.end() ? nullptr : &*found;
}

bool is_set_by_approval(std::string_view column) {
  return column == kApprovedBy || column == kApprovedUntil || column == kNote;
}

namespace {

// What a version of the thing may be called besides: of rpm without epoch, and without release.
std::string with_versions(const SeenIn& seen) {
  if (seen.kind != "rpm")
    return "SELECT x.*, x.version AS version_1, x.version AS version_2 FROM (" + seen.sql + ") x";
  return "SELECT y.*, substr(version_1, 1, instr(version_1, '-') - 1) AS version_2 FROM (SELECT "
         "x.*,"
         " substr(version, instr(version, ':') + 1) AS version_1 FROM (" +
         seen.sql + ") x) y";
}

}  // namespace

std::string unapproved_sql(const ApprovalList& list, const SeenIn& seen) {
  const bool is_software = list.name == "allowlist";
  std::string sql = "WITH seen AS MATERIALIZED (" + (is_software ? with_versions(seen) : seen.sql) +
                    "), held AS MATERIALIZED (SELECT a.*"
                    " FROM " +
                    list.name +
                    " a, clock c WHERE (a.approved_until IS NULL OR"
                    " a.approved_until >= c.today) AND (a.host_group IS NULL OR a.host_group IN"
                    " (SELECT host_group FROM host_groups)))";
  if (is_software)
    sql.append(
           ", plain AS MATERIALIZED (SELECT kind || char(10) || name ||"
           " coalesce(char(10) || version, '') AS key FROM held WHERE ")
        .append(kPlainSoftware)
        .append("), other AS MATERIALIZED (SELECT * FROM held WHERE NOT (")
        .append(kPlainSoftware)
        .append("))");
  return sql + " SELECT s.* FROM seen s WHERE (" + list.is_approved + ") IS NOT 1";
}

std::string glob_of(std::string_view text) {
  std::string pattern;
  for (const char c : text) {
    if (c == '*' || c == '?' || c == '[')
      pattern.append("[").append(1, c).append("]");
    else
      pattern += c;
  }
  return pattern;
}

}  // namespace assay::collector
