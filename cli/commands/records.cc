#include "cli/commands/records.h"

#include <CLI/CLI.hpp>

#include "cli/client/host_list.h"

namespace assay::cli {

void add_group_option(CLI::App& command, const Session& session, std::vector<std::string>* groups) {
  command
      .add_option(
          "--group", *groups,
          session.say({"on the hosts of this group of the register, whoever is in it; repeatable",
                       "適用資產清冊中此群組的主機，隨群組成員異動；可重複"}))
      ->expected(1)
      ->take_all();
}

void add_hosts_from_option(CLI::App& command, const Session& session,
                           std::optional<std::string>* path) {
  command
      .add_option("--hosts-from", *path,
                  session.say({"on the hosts of this file: one id or name a line, # for comments",
                               "僅適用此檔案所列主機：每行一個識別碼或名稱，# 之後為註解"}))
      ->type_name("FILE");
}

Status join_hosts_from(const std::optional<std::string>& path, std::vector<std::string>* hosts) {
  if (!path) return {};
  const auto listed = read_host_list(*path);
  if (!listed) return fail(listed.error());
  hosts->insert(hosts->end(), listed->begin(), listed->end());
  return {};
}

void add_time_options(CLI::App& command, const Session& session, std::string* expiring,
                      std::string* as_of) {
  command
      .add_option(
          "--expiring", *expiring,
          session.say({"those in force that end within so many days", "有效且於此天數內到期者"}))
      ->check(CLI::Range(0, 3660))
      ->type_name("DAYS");
  command.add_option(
      "--as-of", *as_of,
      session.say({"as of a day or time, or 7d ago", "某日或某時刻的狀況，或 7d（七天前）"}));
}

void add_record_show(CLI::App& group, Session& session, const RecordKind& kind, const Text& what) {
  const auto id = std::make_shared<std::string>();
  const auto as_of = std::make_shared<std::string>();
  auto* command = add_command(group, session, "show", what, [&session, kind, id, as_of] {
    return session.ask(
        [&](Remote& remote) -> Result<Json> {
          const auto when = moment_or_none(*as_of);
          if (!when) return fail(when.error());
          return remote.get({kind.path, *id}, {{"as-of", *when}});
        },
        kind.view);
  });
  command->add_option("id", *id, kind.sample_id)->required();
  command->add_option("--as-of", *as_of,
                      session.say({"as of a day or time", "某日或某時刻的狀況"}));
}

void add_record_act(CLI::App& group, Session& session, const RecordKind& kind,
                    const std::string& act, const Text& what) {
  const auto id = std::make_shared<std::string>();
  const auto note = std::make_shared<std::string>();
  auto* command = add_command(group, session, act, what, [&session, kind, act, id, note] {
    return session.ask(
        [&](Remote& remote) {
          return remote.post({kind.path, *id, act},
                             note->empty() ? Json(nullptr) : Json{{"note", *note}});
        },
        kind.view);
  });
  command->add_option("id", *id, kind.sample_id)->required();
  command->add_option("--note", *note, session.say({"why, for the record", "說明，將留存於歷程"}));
}

}  // namespace assay::cli
