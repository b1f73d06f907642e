// What the two programs behind assay-agent's commands have in common on the command line.
//
// assay-agent itself carries out what only looks at others, and becomes assay-host for the rest
// (docs/decisions/0075-what-looks-at-others-loads-no-library.md).
#pragma once

#include <CLI/CLI.hpp>

#include "agent/main/command.h"
#include "agent/main/network_command.h"

namespace assay::agent {

// The options that every command has; `has_answer`: and -o.
void add_common(CLI::App& command, CommonOptions& common, bool has_answer);

// The commands of assay-agent itself. All of this outlives the parsing.
struct OwnCommands {
  CommonOptions common;
  TlsArguments tls;
  ServicesArguments services;
  int code = kDone;
};
void add_own_commands(CLI::App& app, OwnCommands& own);

// Parses, which carries the command out; the exit code is `code`, or that of a slip in the words.
[[nodiscard]] int run_command_line(CLI::App& app, int argc, char** argv, const int& code);

}  // namespace assay::agent
