#include "agent/main/command_line.h"

#include <cstdio>

namespace assay::agent {

namespace {

void add_tls(CLI::App& app, OwnCommands& own) {
  auto* command =
      app.add_subcommand("tls", "what a TLS server offers: protocols, suites, certificates");
  add_common(*command, own.common, true);
  command->add_option("target", own.tls.targets, "HOST:PORT; port 443 where it is left out")
      ->required();
  command->add_option(
      "--starttls", own.tls.start_tls,
      "smtp, imap, pop3, ftp, ldap, postgresql, mysql or rdp: TLS after a dialogue; "
      "auto: find out which");
  command->callback([&own] { own.code = run_tls_command(own.common, own.tls); });
}

void add_services(CLI::App& app, OwnCommands& own) {
  auto* command =
      app.add_subcommand("services", "which protocols a host's ports speak, and what they offer");
  add_common(*command, own.common, true);
  command
      ->add_option("target", own.services.targets,
                   "HOST:22,80,8000-8010,161/udp; the usual ports where they are left out")
      ->required();
  command->add_flag("--ftp-anonymous", own.services.tries_anonymous_ftp,
                    "also log in to FTP as anonymous");
  command->add_flag("--snmp-communities", own.services.tries_communities,
                    "also ask SNMP with the communities public and private");
  command->callback([&own] { own.code = run_services_command(own.common, own.services); });
}

}  // namespace

void add_common(CLI::App& command, CommonOptions& common, bool has_answer) {
  command.add_option("--lang", common.language, "en or zh-TW; default: LANG");
  command.add_option("--settings", common.settings_file, "the settings file");
  command.add_option("--state", common.state_dir, "the folder of the agent's own state");
  command.add_flag("--quiet", common.is_quiet, "nothing on standard output but what -o asks for");
  if (has_answer)
    command
        .add_option("-o,--output", common.outputs,
                    "table, json, csv or ndjson, or FORMAT=PATH; may be given several times")
        ->allow_extra_args(false);  // "-o json TARGET" is one output and a target
}

void add_own_commands(CLI::App& app, OwnCommands& own) {
  add_tls(app, own);
  add_services(app, own);
  app.add_subcommand("version", "the version")->callback([] {
    (void)std::puts("assay-agent " ASSAY_VERSION);
  });
}

int run_command_line(CLI::App& app, int argc, char** argv, const int& code) {
  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    return app.exit(error) == 0 ? kDone : kUsageError;
  }
  return code;
}

}  // namespace assay::agent
