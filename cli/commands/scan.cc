// assay scan HOST
#include <CLI/CLI.hpp>

#include "cli/commands/command.h"
#include "cli/views/views.h"

namespace assay::cli {

void add_scan_command(CLI::App& app, Session& session) {
  const auto host = std::make_shared<std::string>();
  auto* command = add_command(
      app, session, "scan", {"Ask the agent of a host to scan now", "請主機的代理程式立即掃描"},
      [&session, host] {
        return session.ask(
            [&](Remote& remote) { return remote.post({"hosts", *host, "scan"}, {}, {}); },
            scan_view);
      });
  command->add_option("host", *host, session.say({"name or id of the host", "主機的名稱或識別碼"}))
      ->required();
}

}  // namespace assay::cli
