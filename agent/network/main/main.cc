// assay-scanner: looks at the network from this machine. It holds no key, reads no file of the
// agent's, and gives root up before it reads the first byte from outside.
#include <signal.h>

#include <CLI/CLI.hpp>
#include <cstdio>

#include "agent/network/main/scanner_command.h"

int main(int argc, char** argv) {
  using namespace assay::agent;  // NOLINT: this file is nothing but the list of its commands
  // A server that hangs up while we write is an answer, not the end of us.
  (void)::signal(SIGPIPE, SIG_IGN);
  CLI::App app("assay-scanner: what the network shows of services; started by assay-agent");
  app.require_subcommand(1);
  int code = kScannerDone;
  for (const AddScannerCommand add :
       {add_sensor_command, add_services_command, add_sweep_command, add_tls_command})
    add(app, &code);
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
