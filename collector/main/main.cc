// assay-collector: keeps the evidence of a fleet and judges it.
#include <CLI/CLI.hpp>
#include <cstdio>
#include <functional>

#include "checks/engine/sqlite_memory.h"
#include "cli/terminal/usage.h"
#include "collector/main/commands.h"
#include "collector/main/state.h"

namespace {

using assay::Code;
using namespace assay::collector;  // NOLINT: the program is the collector

enum ExitCode {
  kGood = 0,
  kFailed = 1,
  kBadUsage = 64,
  kBadData = 65,
  kCannotOpen = 66,
  kBadConfiguration = 78
};

int exit_code_of(Code code) {
  switch (code) {
    case Code::kUsage: return kBadUsage;
    case Code::kInvalidData: return kBadData;
    case Code::kNotFound:
    case Code::kPermissionDenied: return kCannotOpen;
    case Code::kConfiguration: return kBadConfiguration;
    default: return kFailed;
  }
}

using Command = std::function<assay::Status()>;

void add_output(CLI::App* command, CommonOptions* common) {
  command
      ->add_option_function<std::string>(
          "-o,--output",
          [common](const std::string& format) { common->is_json = format == "json"; },
          "table or json")
      ->check(CLI::IsMember({"table", "json"}))
      ->type_name("FORMAT");
}

}  // namespace

int main(int argc, char** argv) {
  (void)assay::checks::pool_sqlite_memory();
  CLI::App app("Keeps the evidence of a fleet, judges it, and answers for it", "assay-collector");
  app.set_version_flag("--version", "assay-collector " ASSAY_VERSION);
  app.require_subcommand(1);
  app.fallthrough();
  CommonOptions common{kDefaultState, false, assay::Language::kEnglish};
  std::string language;
  app.add_option("--state", common.state, "State folder")
      ->envname("ASSAY_COLLECTOR_STATE")
      ->type_name("DIR");
  app.add_option("--lang", language, "en or zh-TW; from the environment when not given");
  app.failure_message([&language](const CLI::App*, const CLI::Error& error) {
    return assay::cli::usage_report(error.get_name(), error.what())
        .in(assay::language_from(language));
  });
  Command chosen;

  InitOptions init;
  auto* init_command =
      app.add_subcommand("init", "Make a state folder: CA, store, administrator's token");
  init_command->add_option("--name", init.names, "Names and addresses by which it is reached")
      ->type_name("HOST");
  add_output(init_command, &common);
  init_command->callback([&] { chosen = [&] { return run_init(common, init); }; });

  ServeOptions serve;
  auto* serve_command = app.add_subcommand("serve",
                                           "Serve agents and people until SIGTERM; SIGHUP loads "
                                           "the content anew");
  serve_command->add_option("--listen", serve.listen, "For agents")->type_name("HOST:PORT");
  serve_command->add_option("--api-listen", serve.api_listen, "For people")->type_name("HOST:PORT");
  serve_command->callback([&] { chosen = [&] { return run_serve(common, serve); }; });

  auto* token_command = app.add_subcommand("token", "Tokens to enroll machines and for people");
  token_command->require_subcommand(1);
  TokenCreateOptions token;
  auto* create = token_command->add_subcommand("create", "Print a new token, once");
  create->add_option("--ttl", token.ttl, "How long it is good: 30m, 1h (default), 7d");
  create
      ->add_option("--person", token.person,
                   "For a person, to log in with; without end unless --ttl")
      ->type_name("NAME");
  create->add_option("--role", token.role, "admin, operator or auditor (default)");
  add_output(create, &common);
  create->callback([&] { chosen = [&] { return run_token_create(common, token); }; });
  auto* token_list =
      token_command->add_subcommand("list", "All tokens, newest first; never their text");
  add_output(token_list, &common);
  token_list->callback([&] { chosen = [&] { return run_token_list(common); }; });
  std::string revoked_token;
  auto* token_revoke = token_command->add_subcommand("revoke", "Make a token useless");
  token_revoke->add_option("ID", revoked_token, "As in the list")->required();
  token_revoke->callback([&] { chosen = [&] { return run_token_revoke(common, revoked_token); }; });

  auto* agent_command = app.add_subcommand("agent", "Enrolled machines");
  agent_command->require_subcommand(1);
  auto* agent_list = agent_command->add_subcommand("list", "All machines by name");
  add_output(agent_list, &common);
  agent_list->callback([&] { chosen = [&] { return run_agent_list(common); }; });
  std::string revoked_host;
  auto* agent_revoke =
      agent_command->add_subcommand("revoke", "Let a machine in no more, from this moment on");
  agent_revoke->add_option("HOST", revoked_host, "Id or name")->required();
  agent_revoke->callback([&] { chosen = [&] { return run_agent_revoke(common, revoked_host); }; });

  auto* content_command = app.add_subcommand("content", "What hosts are judged by");
  content_command->require_subcommand(1);
  auto* content_show = content_command->add_subcommand(
      "show", "What is in force, its age and signer, and why nothing newer is");
  add_output(content_show, &common);
  content_show->callback([&] { chosen = [&] { return run_content_show(common); }; });
  ContentInstallOptions install;
  auto* content_install = content_command->add_subcommand(
      "install", "Put a signed bundle of content into force; a running collector takes it up");
  content_install->add_option("FILE", install.file, "Made by assay content pack")->required();
  content_install->add_flag("--allow-older", install.may_be_older,
                            "Also one that is older than the one installed");
  add_output(content_install, &common);
  content_install->callback([&] { chosen = [&] { return run_content_install(common, install); }; });
  auto* content_remove = content_command->add_subcommand(
      "remove", "Take the installed bundle away: back to the content that ships");
  content_remove->callback([&] { chosen = [&] { return run_content_remove(common); }; });

  bool is_deep = false;
  auto* doctor = app.add_subcommand("doctor", "Whether the collector is well; changes nothing");
  doctor->add_flag("--deep", is_deep, "Also read the whole store through");
  add_output(doctor, &common);
  doctor->callback([&] { chosen = [&] { return run_doctor(common, is_deep); }; });

  std::string backup_folder;
  auto* backup = app.add_subcommand("backup", "Copy the whole state, also while it is served");
  backup->add_option("FOLDER", backup_folder, "New or empty; it will hold the CA's keys")
      ->required();
  add_output(backup, &common);
  backup->callback([&] { chosen = [&] { return run_backup(common, backup_folder); }; });
  RestoreOptions restore;
  auto* restore_command =
      app.add_subcommand("restore", "Put a backup into a state folder that is new or empty");
  restore_command->add_option("FOLDER", restore.folder, "Made by backup")->required();
  restore_command->add_flag("--check", restore.only_check,
                            "Only read the backup through; restore nothing");
  add_output(restore_command, &common);
  restore_command->callback([&] { chosen = [&] { return run_restore(common, restore); }; });

  MigrateOptions migrate;
  auto* migrate_command = app.add_subcommand(
      "migrate-store", "Move everything into a PostgreSQL database; nobody may serve meanwhile");
  migrate_command->add_option("--from", migrate.from, "Left out: store.db of the state folder")
      ->type_name("sqlite:PATH");
  migrate_command->add_option("--to", migrate.to, "As libpq reads it, without a password")
      ->required()
      ->type_name("postgres:CONNINFO");
  add_output(migrate_command, &common);
  migrate_command->callback([&] { chosen = [&] { return run_migrate_store(common, migrate); }; });

  auto* ledger_command =
      app.add_subcommand("ledger", "The log of everything that was ever accepted");
  ledger_command->require_subcommand(1);
  auto* ledger_key = ledger_command->add_subcommand(
      "key", "Its public key: give it to whoever shall be able to check it");
  add_output(ledger_key, &common);
  ledger_key->callback([&] { chosen = [&] { return run_ledger_key(common); }; });

  auto* ledger_timestamps = ledger_command->add_subcommand(
      "timestamps", "What a time-stamp authority said of its checkpoints, the latest first");
  add_output(ledger_timestamps, &common);
  ledger_timestamps->callback([&] { chosen = [&] { return run_ledger_timestamps(common); }; });
  auto* ledger_witnesses = ledger_command->add_subcommand(
      "witnesses", "When each of its witnesses co-signed it last, and what keeps one from it");
  add_output(ledger_witnesses, &common);
  ledger_witnesses->callback([&] { chosen = [&] { return run_ledger_witnesses(common); }; });

  PruneOptions prune;
  auto* prune_command = app.add_subcommand(
      "prune", "Remove what is older than it must be kept (retention in collector.yaml)");
  prune_command->add_flag("--dry-run", prune.only_tell, "Only tell what would go");
  add_output(prune_command, &common);
  prune_command->callback([&] { chosen = [&] { return run_prune(common, prune); }; });

  auto* fsck_command = app.add_subcommand(
      "fsck",
      "Read everything again, hold it against its digests, signatures and the ledger; change "
      "nothing. 65 when something is damaged");
  add_output(fsck_command, &common);
  fsck_command->callback([&] { chosen = [&] { return run_fsck(common); }; });

  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    return app.exit(error) == 0 ? kGood : kBadUsage;
  }
  common.language = assay::language_from(language);
  const auto done = chosen();
  if (done) return kGood;
  const assay::Text name{"assay-collector: ", "assay-collector："};
  std::fprintf(stderr, "%s%s\n", name.in(common.language).c_str(),
               done.error().in(common.language).c_str());
  return exit_code_of(done.error().code());
}
