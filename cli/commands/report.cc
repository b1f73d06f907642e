// assay report: what changed in a week, as it was worked out once and kept.
#include <CLI/CLI.hpp>

#include "cli/commands/command.h"
#include "cli/views/views.h"
#include "evidence/digest.h"

namespace assay::cli {

namespace {

// The collector makes the report again from the evidence; what it keeps is looked at here.
Result<Json> check(Remote& remote, const std::string& week) {
  auto record = remote.get({"reports", week}, {{"again", "true"}});
  if (!record) return record;
  const auto kept = remote.download({"reports", text_at(*record, "week"), "content"});
  if (!kept) return fail(kept.error());
  const auto digest = evidence::sha256(*kept).hex();
  const auto recorded = text_at(*record, "sha256");
  (*record)["kept_sha256"] = digest;
  (*record)["is_same"] =
      !recorded.empty() && digest == recorded && text_at(*record, "again_sha256") == recorded;
  return record;
}

}  // namespace

void add_report_commands(CLI::App& app, Session& session) {
  auto* group = add_command(app, session, "report",
                            {"What changed in a week over the whole fleet, as it was kept",
                             "週報：全部主機一週內的變化，於該週結束時製作並保存"},
                            {});
  group->require_subcommand(1);
  add_command(*group, session, "list", {"The weeks with a report", "已製作的週報"}, [&session] {
    return session.ask([](Remote& remote) { return remote.get_all({"reports"}, {}); },
                       reports_view);
  });

  const Text which{"2026-W48 (ISO 8601), or latest",
                   "週次，如 2026-W48（ISO 8601），或 latest（最近一週）"};
  const auto shown = std::make_shared<std::string>();
  auto* show =
      add_command(*group, session, "show", {"A week's report", "顯示一份週報"}, [&session, shown] {
        return session.ask(
            [&](Remote& remote) { return remote.get({"reports", *shown, "content"}, {}); },
            report_view);
      });
  show->add_option("week", *shown, session.say(which))->required();

  const auto checked = std::make_shared<std::string>();
  auto* again =
      add_command(*group, session, "check",
                  {"Has a report made again from the evidence, and says whether it is the same",
                   "依證據重製一份週報，並比對是否與當時一致"},
                  [&session, checked] {
                    return session.ask(
                        [&](Remote& remote) { return check(remote, *checked); }, report_check_view,
                        [](const Json& answer) -> int {
                          return answer.value("is_same", Json()) == true ? kDone : kBadData;
                        });
                  });
  again->add_option("week", *checked, session.say(which))->required();
}

}  // namespace assay::cli
