#include "collector/main/doctor_database.h"

#include <algorithm>

#include "collector/store/postgres/replication.h"
#include "collector/store/postgres/servers.h"
#include "evidence/refusal.h"

namespace assay::collector {
namespace {

using Kind = Symptom::Kind;
using postgres::Lineage;
using postgres::Replication;
using postgres::Sighting;

std::string listed(const std::vector<std::string>& names) {
  std::string list;
  for (const auto& name : names) list += (list.empty() ? "" : ", ") + name;
  return list;
}

Symptom of_server(const Sighting& sighting, const Lineage& in_force, std::size_t servers) {
  const auto name = sighting.server.shown();
  if (!sighting.role)
    return {"database",
            // Where there is but one, the store says so.
            servers > 1 ? Kind::kWarning : Kind::kTrouble,
            phrase({"{} cannot be asked: {}", "無法連線至 {}：{}"}, name, sighting.why)};
  const auto& lineage = sighting.role->lineage;
  if (!sighting.role->is_primary)
    return {"database", Kind::kGood, phrase({"{} is a standby", "{} 為備援伺服器"}, name)};
  if (lineage.is_before(in_force))
    return {"database", Kind::kTrouble,
            phrase({"{} takes writes, but was the primary before a failover (timeline {}; {} is in "
                    "force): stop it and make it a standby (pg_rewind)",
                    "{} 可寫入，卻是容錯移轉前的主要伺服器（時間軸 {}，目前為 {}）；請停止該伺服"
                    "器，並以「pg_rewind」改為備援伺服器"},
                   name, lineage.timeline, in_force.timeline)};
  if (lineage.system != in_force.system)
    return {"database", Kind::kTrouble,
            phrase({"{} takes writes, but is another database than the primary",
                    "{} 可寫入，但與主要伺服器並非同一個資料庫"},
                   name)};
  return {"database", Kind::kGood, phrase({"{} is the primary", "{} 為主要伺服器"}, name)};
}

void add_settings(const Replication& told, std::vector<Symptom>& symptoms) {
  if (!told.has_fsync || !told.has_full_pages)
    symptoms.push_back(
        {"database", Kind::kTrouble,
         phrase({"{} is off: a crash of the server loses or destroys what was acknowledged",
                 "{} 已關閉，伺服器當機時，已確認收到的資料會遺失或損毀"},
                told.has_fsync ? "full_page_writes" : "fsync")});
  if (told.is_off_by_default)
    symptoms.push_back(
        {"database", Kind::kWarning,
         phrase(
             {"synchronous_commit is off in the server's settings; the collector turns it on for "
              "itself, other programs that write here may lose what they committed",
              "伺服器設定關閉了「synchronous_commit」；收集伺服器會自行開啟，但其他寫入此資料庫"
              "的程式可能遺失已提交的資料"})});
}

Symptom of_standbys(const Replication& told, std::size_t servers) {
  std::vector<std::string> confirm;
  std::vector<std::string> follow;
  bool is_told = true;
  for (const auto& standby : told.standbys) {
    (standby.is_waited_for ? confirm : follow).push_back(standby.name);
    is_told = is_told && standby.is_told;
  }
  if (!is_told)
    return {"standby", Kind::kWarning,
            phrase({"the collector's user may not see how {} follows: GRANT pg_monitor",
                    "收集伺服器的資料庫帳號無權查看 {} 的同步狀態，請授予「pg_monitor」角色"},
                   listed(follow))};
  if (told.has_to_wait && confirm.empty() && told.synchronous_commit != "local")
    return {"standby",
            Kind::kTrouble,
            {"every commit is to wait for a standby, and none is there: nothing is acknowledged",
             "設定要求等候備援伺服器確認，但目前沒有可確認者，所有資料都無法確認收到"}};
  if (told.standbys.empty() && servers > 1)
    return {"standby", Kind::kWarning,
            phrase({"{} servers are named, but none follows the primary",
                    "連線字串列有 {} 台伺服器，但沒有任何一台跟隨主要伺服器"},
                   servers)};
  if (told.standbys.empty())
    return {
        "standby",
        Kind::kGood,
        {"none: what is accepted is on this server alone", "無備援伺服器，資料僅存於這一台伺服器"}};
  if (told.synchronous_commit == "local" || confirm.empty())
    return {"standby", Kind::kWarning,
            phrase({"{} may be behind what was acknowledged, which a failover would lose; set "
                    "synchronous_standby_names, and synchronous_commit = on",
                    "{} 可能落後於已確認收到的資料，容錯移轉時會遺失；請設定"
                    "「synchronous_standby_names」，並將「synchronous_commit」設為「on」"},
                   listed(confirm.empty() ? follow : confirm))};
  if (told.synchronous_commit == "remote_write")
    return {"standby", Kind::kWarning,
            phrase({"{} confirms every commit before it is on its disk (remote_write)",
                    "{} 於寫入磁碟前即確認提交（remote_write）"},
                   listed(confirm))};
  return {"standby", Kind::kGood,
          phrase({"{} confirms every commit", "{} 會確認每一次提交"}, listed(confirm))};
}

}  // namespace

std::vector<Symptom> examine_database(const std::string& conninfo) {
  const auto sightings = postgres::look_at_servers(conninfo);
  if (!sightings) return {{"database", Kind::kTrouble, sightings.error().text()}};
  const auto in_force = postgres::furthest(*sightings);
  std::vector<Symptom> symptoms;
  for (const auto& sighting : *sightings)
    symptoms.push_back(of_server(sighting, in_force, sightings->size()));
  const auto primary = std::ranges::find_if(*sightings, [&](const Sighting& sighting) {
    return sighting.role && sighting.role->is_primary &&
           sighting.role->lineage.timeline == in_force.timeline;
  });
  if (primary == sightings->end()) {
    symptoms.insert(
        symptoms.begin(),
        {"database", Kind::kTrouble, {"no server takes writes", "沒有任何伺服器可供寫入"}});
    return symptoms;
  }
  const auto told = postgres::replication_of(conninfo, primary->server);
  if (told) add_settings(*told, symptoms);
  std::ranges::stable_sort(symptoms, std::ranges::greater(), &Symptom::kind);
  symptoms.push_back(told ? of_standbys(*told, sightings->size())
                          : Symptom{"standby", Kind::kTrouble, told.error().text()});
  return symptoms;
}

}  // namespace assay::collector
