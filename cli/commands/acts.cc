// assay acts: what people did, as the ledger names it.
#include <CLI/CLI.hpp>
#include <algorithm>

#include "cli/commands/command.h"
#include "cli/views/views.h"

namespace assay::cli {

void add_acts_command(CLI::App& app, Session& session) {
  const auto kind = std::make_shared<std::string>();
  auto* command = add_command(
      app, session, "acts",
      {"What people did, the newest first: waivers, attestations, approvals, changes of the "
       "register, packs; each with its place in the ledger",
       "作業紀錄，最新者在前：例外、人工聲明、核准、資產清冊異動、稽核包等，並列出在帳本中的位置"},
      [&session, kind] {
        return session.ask(
            [&](Remote& remote) -> Result<Json> {
              auto acts = remote.get_all({"acts"}, {{"kind", *kind}, {"limit", "1000"}});
              // The collector tells them as they were done.
              if (acts) std::reverse(acts->begin(), acts->end());
              return acts;
            },
            acts_view);
      });
  command->add_option(
      "--kind", *kind,
      session.say({"of one kind, as JSON calls it: waiver_requested, approved …",
                   "僅列出單一種類，以 JSON 中的名稱指定：waiver_requested、approved 等"}));
}

}  // namespace assay::cli
