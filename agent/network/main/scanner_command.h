// The sub-commands of assay-scanner. One file each; a new one is its file, its line here and its
// line in main.cc.
//
// Each writes its tables to standard output in canonical form, one after the other
// (table_stream.h), and says what is wrong on standard error. assay-agent, which starts it, turns
// them into what a person asked for.
#pragma once

#include <atomic>
#include <string>

#include "evidence/result.h"

namespace CLI {
class App;
}

namespace assay::agent {

inline constexpr int kScannerDone = 0;
inline constexpr int kScannerToolError = 1;
inline constexpr int kScannerUsage = 64;

// Adds the sub-command to `app`; its exit code goes to `*code`, which outlives the parsing.
using AddScannerCommand = void (*)(CLI::App& app, int* code);

void add_sensor_command(CLI::App& app, int* code);
void add_sweep_command(CLI::App& app, int* code);
void add_services_command(CLI::App& app, int* code);
void add_tls_command(CLI::App& app, int* code);

// "assay-scanner: …" on standard error; nothing for an empty text.
void warn(const std::string& problem);
// The same of an error; the exit code that goes with it.
[[nodiscard]] int report_problem(const Error& error);
// leave_root(), and a warning of what could not be given up.
[[nodiscard]] Status give_up_root();

// Ends early and tells what was found until then: set by SIGINT and SIGTERM after
// stop_on_signals(), which also has the scanner end with the agent. Call it after give_up_root():
// changing the user undoes what the agent's process asked for.
[[nodiscard]] const std::atomic<bool>& stop_asked();
void stop_on_signals();

}  // namespace assay::agent
