#include <array>

#include "agent/probes/linux/updates/history/history_database.h"
#include "agent/probes/linux/updates/history/package_installs.h"

namespace assay::agent {
namespace {

// Begin, user id, name, version, architecture, repository, whether it came along (1, 0 or NULL).
constexpr std::array kLayouts = {
    HistoryLayout{
        "dnf",  // version 5
        "SELECT t.dt_begin, t.user_id, n.name, CASE WHEN r.epoch > 0 THEN r.epoch || ':' ELSE '' "
        "END || r.version || '-' || r.release, a.name, p.repoid, CASE w.name WHEN 'Dependency' "
        "THEN 1 WHEN 'Weak Dependency' THEN 1 WHEN 'User' THEN 0 END FROM trans t "
        "JOIN trans_item i ON i.trans_id = t.id JOIN rpm r ON r.item_id = i.item_id "
        "JOIN pkg_name n ON n.id = r.name_id LEFT JOIN arch a ON a.id = r.arch_id "
        "LEFT JOIN repo p ON p.id = i.repo_id LEFT JOIN trans_item_reason w ON w.id = i.reason_id "
        "JOIN trans_item_action d ON d.id = i.action_id AND d.name = 'Install' "
        "ORDER BY t.id DESC LIMIT 20000"},
    HistoryLayout{
        "dnf",  // version 5, with other names for two tables
        "SELECT t.dt_begin, t.user_id, n.name, CASE WHEN r.epoch > 0 THEN r.epoch || ':' ELSE '' "
        "END || r.version || '-' || r.release, a.name, p.repoid, CASE w.name WHEN 'Dependency' "
        "THEN 1 WHEN 'Weak Dependency' THEN 1 WHEN 'User' THEN 0 END FROM trans t "
        "JOIN trans_item i ON i.trans_id = t.id JOIN rpm r ON r.item_id = i.item_id "
        "JOIN pkg_names n ON n.id = r.name_id LEFT JOIN archs a ON a.id = r.arch_id "
        "LEFT JOIN repo p ON p.id = i.repo_id LEFT JOIN trans_item_reason w ON w.id = i.reason_id "
        "JOIN trans_item_action d ON d.id = i.action_id AND d.name = 'Install' "
        "ORDER BY t.id DESC LIMIT 20000"},
    HistoryLayout{
        "dnf",  // version 4: action 1 is an install; reason 1 a dependency, 2 the user, 4 a weak
                // one
        "SELECT t.dt_begin, t.user_id, r.name, CASE WHEN r.epoch > 0 THEN r.epoch || ':' ELSE '' "
        "END || r.version || '-' || r.release, r.arch, p.repoid, CASE i.reason WHEN 1 THEN 1 "
        "WHEN 4 THEN 1 WHEN 2 THEN 0 END FROM trans t JOIN trans_item i ON i.trans_id = t.id "
        "JOIN rpm r ON r.item_id = i.item_id LEFT JOIN repo p ON p.id = i.repo_id "
        "WHERE i.action = 1 ORDER BY t.id DESC LIMIT 20000"},
    HistoryLayout{
        "yum",
        "SELECT b.timestamp, b.loginuid, k.name, CASE WHEN k.epoch > 0 THEN k.epoch || ':' ELSE "
        "'' END || k.version || '-' || k.release, k.arch, NULL, CASE d.state WHEN 'Dep-Install' "
        "THEN 1 ELSE 0 END FROM trans_beg b JOIN trans_data_pkgs d ON d.tid = b.tid "
        "JOIN pkgtups k ON k.pkgtupid = d.pkgtupid "
        "WHERE d.state IN ('Install', 'True-Install', 'Dep-Install') "
        "ORDER BY b.tid DESC LIMIT 20000"},
};

}  // namespace

Result<std::vector<PackageInstall>> installs_in_dnf_history(ByteSource& database, ByteSource* log) {
  std::vector<PackageInstall> installs;
  auto read = for_each_row(
      database, log, kLayouts, [&](sqlite3_stmt* row, std::string_view manager) -> Status {
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
