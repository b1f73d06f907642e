#include <array>

#include "agent/probes/linux/updates/history/history_database.h"
#include "agent/probes/linux/updates/history/package_installs.h"

namespace assay::agent {
namespace {

std::string version_of(const std::string& table) {
  return "CASE WHEN " + table + ".epoch > 0 THEN " + table + ".epoch || ':' ELSE '' END || " +
         table + ".version || '-' || " + table + ".release";
}

// Version 5. The tables of names and of architectures are called otherwise in some of its releases.
std::string dnf5(const std::string& names, const std::string& architectures) {
  return "SELECT t.dt_begin, t.user_id, n.name, " + version_of("r") +
         ", a.name, p.repoid, CASE w.name WHEN 'Dependency' "
         "THEN 1 WHEN 'Weak Dependency' THEN 1 WHEN 'User' THEN 0 END FROM trans t "
         "JOIN trans_item i ON i.trans_id = t.id JOIN rpm r ON r.item_id = i.item_id "
         "JOIN " +
         names + " n ON n.id = r.name_id LEFT JOIN " + architectures +
         " a ON a.id = r.arch_id "
         "LEFT JOIN repo p ON p.id = i.repo_id LEFT JOIN trans_item_reason w ON w.id = i.reason_id "
         "JOIN trans_item_action d ON d.id = i.action_id AND d.name = 'Install' "
         "ORDER BY t.id DESC LIMIT 20000";
}

// Version 4: action 1 is an install; reason 1 a dependency, 2 the user, 4 a weak one.
std::string dnf4() {
  return "SELECT t.dt_begin, t.user_id, r.name, " + version_of("r") +
         ", r.arch, p.repoid, CASE i.reason WHEN 1 THEN 1 "
         "WHEN 4 THEN 1 WHEN 2 THEN 0 END FROM trans t JOIN trans_item i ON i.trans_id = t.id "
         "JOIN rpm r ON r.item_id = i.item_id LEFT JOIN repo p ON p.id = i.repo_id "
         "WHERE i.action = 1 ORDER BY t.id DESC LIMIT 20000";
}

std::string yum() {
  return "SELECT b.timestamp, b.loginuid, k.name, " + version_of("k") +
         ", k.arch, NULL, CASE d.state WHEN 'Dep-Install' "
         "THEN 1 ELSE 0 END FROM trans_beg b JOIN trans_data_pkgs d ON d.tid = b.tid "
         "JOIN pkgtups k ON k.pkgtupid = d.pkgtupid "
         "WHERE d.state IN ('Install', 'True-Install', 'Dep-Install') "
         "ORDER BY b.tid DESC LIMIT 20000";
}

// Each answers with begin, user id, name, version, architecture, repository, and whether it came
// along (1, 0 or NULL).
const std::array<HistoryLayout, 4>& layouts() {
  static const std::array<std::string, 4> kQueries = {dnf5("pkg_name", "arch"),
                                                      dnf5("pkg_names", "archs"), dnf4(), yum()};
  static const std::array<HistoryLayout, 4> kLayouts = {
      {{"dnf", kQueries[0]}, {"dnf", kQueries[1]}, {"dnf", kQueries[2]}, {"yum", kQueries[3]}}};
  return kLayouts;
}

}  // namespace

Result<std::vector<PackageInstall>> installs_in_dnf_history(ByteSource& database, ByteSource* log) {
  std::vector<PackageInstall> installs;
  auto read = for_each_row(
      database, log, layouts(), [&](sqlite3_stmt* row, std::string_view manager) -> Status {
        auto time = time_at(row, 0);
        if (!time) return fail(std::move(time.error()));
        PackageInstall install{.manager = std::string(manager), .name = text_at(row, 2)};
        install.architecture = text_at(row, 4);
        install.version = text_at(row, 3);
        install.time = *std::move(time);
        if (const auto uid = number_at(row, 1); uid && !is_nobody(*uid)) install.uid = uid;
        if (const auto flag = number_at(row, 6)) install.is_automatic = *flag == 1;
        install.repository = text_at(row, 5);
        if (!install.name.empty()) installs.push_back(std::move(install));
        return {};
      });
  if (!read) return fail(std::move(read.error()));
  return installs;
}

}  // namespace assay::agent
