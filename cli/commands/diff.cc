// assay diff
#include <CLI/CLI.hpp>

#include "cli/commands/command.h"
#include "cli/views/views.h"

namespace assay::cli {

void add_diff_command(CLI::App& app, Session& session) {
  struct Period {
    std::string from = "7d";
    std::string to = "now";
    std::string host;
  };
  const auto period = std::make_shared<Period>();
  auto* command = add_command(
      app, session, "diff",
      {"What changed between two moments, and why", "兩個時間點之間的變化與原因"},
      [&session, period] {
        return session.ask(
            [&](Remote& remote) -> Result<Json> {
              const auto now = std::chrono::time_point_cast<std::chrono::seconds>(
                  std::chrono::system_clock::now());
              const auto from = moment(period->from, now);
              if (!from) return fail(from.error().within("--from"));
              const auto to = moment(period->to, now);
              if (!to) return fail(to.error().within("--to"));
              return remote.get({"diff"}, {{"from", *from}, {"to", *to}, {"host", period->host}});
            },
            diff_view);
      });
  command->add_option("--from", period->from,
                      session.say({"a day (its beginning, UTC), a time, or 7d ago (unless said)",
                                   "某日（UTC 零時）、某時刻，或 7d 即七天前（預設）"}));
  command->add_option("--to", period->to,
                      session.say({"likewise; now unless said", "同上；預設為現在"}));
  command->add_option("--host", period->host, session.say({"one host", "單一主機"}));
}

}  // namespace assay::cli
