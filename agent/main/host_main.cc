// assay-host: looks at this machine, judges it, and hands the evidence on. assay-agent becomes it.
#include "agent/main/command_line.h"
#include "checks/engine/sqlite_memory.h"

namespace {

using namespace assay::agent;  // NOLINT: this file is nothing but the list of its commands

CLI::Option* add_network(CLI::App& command, bool& uses_network) {
  return command.add_flag(
      "--network", uses_network,
      "also ask this machine's services, and configured targets, what they offer");
}

}  // namespace

int main(int argc, char** argv) {
  (void)assay::checks::pool_sqlite_memory();
  CLI::App app("assay-agent: the posture of this machine, with its evidence");
  app.require_subcommand(1);
  OwnCommands own;
  auto& common = own.common;
  auto& code = own.code;

  ScanArguments scan;
  auto* scan_command = app.add_subcommand("scan", "scan, judge and report; needs no collector");
  add_common(*scan_command, common, true);
  scan_command->add_option("--root", scan.root, "read another machine's file system");
  scan_command->add_option("--profile", scan.profile, "server or pc");
  scan_command->add_option("--fail-on", scan.fail_on,
                           "exit 2 on a finding of this severity or above");
  scan_command->add_flag("--fail-on-unknown", scan.fail_on_unknown,
                         "exit 3 when something could not be judged");
  auto* quick =
      scan_command->add_flag("--quick", scan.is_quick, "no table that needs to look at every file");
  scan_command->add_flag("--all", scan.is_whole, "every table, also those that no check reads")
      ->excludes(quick);
  add_network(*scan_command, scan.uses_network)->excludes(quick);
  scan_command->callback([&] { code = run_scan_command(common, scan); });

  QueryArguments query;
  auto* query_command = app.add_subcommand("query", "SQL over this machine's tables");
  add_common(*query_command, common, true);
  query_command->add_option("--root", query.root, "read another machine's file system");
  query_command->add_option("sql", query.sql, "one SELECT")->required();
  add_network(*query_command, query.uses_network);
  query_command->callback([&] { code = run_query_command(common, query); });

  std::string table;
  auto* tables_command =
      app.add_subcommand("tables", "which tables there are, and what is in them");
  add_common(*tables_command, common, true);
  tables_command->add_option("name", table, "one table, with its columns");
  bool shows_tools = false;
  tables_command->add_flag("--tools", shows_tools,
                           "the programs of other makers that the agent may start");
  tables_command->callback(
      [&] { code = shows_tools ? run_tools_command(common) : run_tables_command(common, table); });

  ExplainArguments explain;
  auto* explain_command =
      app.add_subcommand("explain", "a check on this machine: clause, figure, evidence, remedy");
  add_common(*explain_command, common, true);
  explain_command->add_option("--root", explain.root, "read another machine's file system");
  explain_command->add_option("--profile", explain.profile, "server or pc");
  explain_command->add_option("check", explain.check, "its id: PWD-MINLEN")->required();
  add_network(*explain_command, explain.uses_network);
  explain_command->callback([&] { code = run_explain_command(common, explain); });

  BundleArguments bundle;
  auto* bundle_command = app.add_subcommand("bundle", "scan, and write the evidence into one file");
  add_common(*bundle_command, common, false);
  bundle_command->add_option("--root", bundle.root, "read another machine's file system");
  bundle_command->add_option("--profile", bundle.profile, "server or pc");
  bundle_command->add_option("-o,--output", bundle.path, "the file")->required();
  add_network(*bundle_command, bundle.uses_network);
  bundle_command->callback([&] { code = run_bundle_command(common, bundle); });

  add_own_commands(app, own);  // for the help: assay-agent carries them out itself

  SensorArguments sensor;
  auto* sensor_command = app.add_subcommand("sensor", "what crosses the wire");
  sensor_command->require_subcommand(1);
  auto* read_command = sensor_command->add_subcommand("read", "a pcap or pcapng file");
  auto* watch_command = sensor_command->add_subcommand("watch", "an interface, for a time");
  for (auto* command : {read_command, watch_command}) {
    add_common(*command, common, true);
    command->add_option("--blocklist", sensor.block_lists,
                        "a list of malicious addresses or names");
    command->add_option("--own", sensor.own_networks, "a network that no list is compared with");
    command->add_option("--working-hours", sensor.working_hours, "Mon-Fri 08:00-18:00 +08:00");
    command->add_flag("--flows-only", sensor.flows_only, "do not look at what is said");
    command->callback([&] { code = run_sensor_command(common, sensor); });
  }
  read_command->add_option("file", sensor.file, "the file")->required();
  watch_command->add_option("--interface", sensor.interface, "its name; any: all of them")
      ->required();
  watch_command->add_option("--seconds", sensor.seconds, "how long; 60 if it is left out");
  watch_command->add_option("--filter", sensor.filter, "an expression of pcap-filter(7)");
  watch_command->add_flag("--promiscuous", sensor.is_promiscuous, "also frames for others");

  SweepArguments sweep;
  auto* sweep_command =
      app.add_subcommand("sweep", "which ports answer, of this machine or of configured ranges");
  add_common(*sweep_command, common, true);
  sweep_command->add_option("target", sweep.targets,
                            "an address, a network or a range; none: this machine's own addresses");
  sweep_command->add_flag("--neighbours", sweep.is_of_neighbours, "the configured neighbours");
  sweep_command->add_option("--ports", sweep.ports, "22,80,8000-8100,U:53,161")
      ->allow_extra_args(false);
  sweep_command->add_option("--exclude", sweep.exclude, "never these, besides the configured ones")
      ->allow_extra_args(false);
  sweep_command
      ->add_option("--rate", sweep.packets_per_second,
                   "packets per second; not above the configured rate")
      ->check(CLI::Range(1, 100'000));
  sweep_command->add_option("--method", sweep.method, "auto, syn or connect");
  sweep_command->callback([&] { code = run_sweep_command(common, sweep); });

  EnrollArguments enroll;
  auto* enroll_command = app.add_subcommand("enroll", "get a certificate from the collector");
  add_common(*enroll_command, common, false);
  enroll_command->add_option("--collector", enroll.collector, "HOST:PORT")->required();
  enroll_command->add_option("--token", enroll.token, "visible to other users; prefer a file");
  enroll_command->add_option("--token-file", enroll.token_file, "a file that holds the token");
  enroll_command->callback([&] { code = run_enroll_command(common, enroll); });

  RunArguments run;
  auto* run_command = app.add_subcommand("run", "stay, scan on schedule, and send the evidence");
  add_common(*run_command, common, false);
  run_command->add_flag("--once", run.once, "one scan, one upload, then end");
  run_command->add_option("--collector", run.collector, "HOST:PORT instead of the enrolled one");
  run_command->callback([&] { code = run_run_command(common, run); });

  auto* status_command = app.add_subcommand("status", "enrolled? last scan, last contact, spool");
  add_common(*status_command, common, true);
  status_command->callback([&] { code = run_status_command(common); });

  auto* config_command = app.add_subcommand("config", "the settings in force");
  config_command->require_subcommand(1);
  auto* check_command = config_command->add_subcommand("check", "is anything wrong with them?");
  add_common(*check_command, common, false);
  check_command->callback([&] { code = run_config_command(common, false); });
  auto* dump_command = config_command->add_subcommand("dump", "all of them, and where from");
  add_common(*dump_command, common, true);
  dump_command->callback([&] { code = run_config_command(common, true); });

  return run_command_line(app, argc, argv, own.code);
}
