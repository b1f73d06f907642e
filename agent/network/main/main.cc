// assay-scanner: looks at the network from this machine. It holds no key, reads no file of the
// agent's, and gives root up before it reads the first byte from outside.
#include <signal.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <array>
#include <cstdio>
#include <string_view>

#include "agent/network/main/scanner_command.h"

namespace {

using namespace assay::agent;  // NOLINT: this file is nothing but the list of its commands

struct Command {
  std::string_view name;
  AddScannerCommand add = nullptr;
};
constexpr std::array<Command, 4> kCommands{{{"sensor", add_sensor_command},
                                            {"services", add_services_command},
                                            {"sweep", add_sweep_command},
                                            {"tls", add_tls_command}}};

}  // namespace

int main(int argc, char** argv) {
  // A server that hangs up while we write is an answer, not the end of us.
  (void)::signal(SIGPIPE, SIG_IGN);
  CLI::App app("assay-scanner: what the network shows of services; started by assay-agent");
  app.require_subcommand(1);
  int code = kScannerDone;
  // To set up the options of all takes as long as to connect to a server a few times.
  const std::string_view asked(argc > 1 ? argv[1] : "");
  const auto* const chosen = std::ranges::find(kCommands, asked, &Command::name);
  for (const auto& command : kCommands)
    if (chosen == kCommands.end() || chosen == &command) command.add(app, &code);
  app.add_subcommand("version", "the version")->callback([] {
    (void)std::puts("assay-scanner " ASSAY_VERSION);
  });
  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    return app.exit(error) == 0 ? kScannerDone : kScannerUsage;
  }
  return code;
}
