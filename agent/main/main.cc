// assay-agent: carries out the commands that only look at others, and becomes assay-host for those
// that look at this machine.
#include <unistd.h>

#include <cerrno>
#include <string_view>

#include "agent/child/child_program.h"
#include "agent/main/command_line.h"

namespace {

using namespace assay::agent;  // NOLINT: this file is nothing but the choice of a command

// assay-host with the same words: the same process, which has loaded what it takes to look at a
// machine. Returns where that fails.
int become_host(char** argv) {
  const auto program = program_beside_this("assay-host");
  if (!program) return report({}, program.error());
  ::execv(program->c_str(), argv);
  return report({}, assay::system_error(errno, "starting " + *program));
}

}  // namespace

int main(int argc, char** argv) {
  CLI::App app("assay-agent: what others offer");
  app.require_subcommand(1);
  OwnCommands own;
  add_own_commands(app, own);
  const std::string_view asked(argc > 1 ? argv[1] : "");
  for (const auto* command : app.get_subcommands({}))
    if (command->get_name() == asked) return run_command_line(app, argc, argv, own.code);
  return become_host(argv);
}
