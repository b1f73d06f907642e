// What the commands of assay have in common: options, exit codes, answers.
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "checks/engine/content.h"
#include "cli/client/remote.h"
#include "cli/terminal/answer.h"
#include "cli/terminal/exit_code.h"
#include "cli/terminal/refusal.h"
#include "evidence/result.h"
#include "evidence/text.h"

namespace CLI {
class App;
}

namespace assay::cli {

// Everything that a command needs and does not ask for itself.
struct Session {
  Language language = Language::kEnglish;
  std::vector<std::string> outputs;  // -o, as written
  bool is_quiet = false;
  // Logs in to the collector of login.json; tests put a made-up one here.
  std::function<Result<std::unique_ptr<Remote>>()> connect;
  // What the chosen command does; set while the command line is read.
  std::function<int()> run;

  [[nodiscard]] const std::string& say(const Text& text) const { return text.in(language); }

  // Writes the problem to standard error and returns its exit code.
  [[nodiscard]] int report(const Error& error) const;
  // Writes the answer where -o says, and returns `code`, or that of what went wrong in writing.
  [[nodiscard]] int deliver(const Answer& answer, int code = kDone) const;
  // A line for people on standard error, unless --quiet.
  void note(const std::string& line) const;
  // Asks the collector and delivers what `view` makes of it.
  [[nodiscard]] int ask(const std::function<Result<Json>(Remote&)>& question,
                        const std::function<Answer(Json, Language)>& view,
                        const std::function<int(const Json&)>& judge = {}) const;
};

// Adds a command whose work is `run`; global options may stand behind it.
CLI::App* add_command(CLI::App& parent, Session& session, const std::string& name, const Text& what,
                      std::function<int()> run);

// Options into `session`, and every command. One per file of this folder.
void add_acts_command(CLI::App& app, Session& session);
void add_approval_commands(CLI::App& app, Session& session);
void add_attest_commands(CLI::App& app, Session& session);
void add_check_commands(CLI::App& app, Session& session);
void add_content_commands(CLI::App& app, Session& session);
void add_diff_command(CLI::App& app, Session& session);
void add_evidence_commands(CLI::App& app, Session& session);
void add_explain_command(CLI::App& app, Session& session);
void add_list_commands(CLI::App& app, Session& session);
void add_login_command(CLI::App& app, Session& session);
void add_register_commands(CLI::App& app, Session& session);
void add_report_commands(CLI::App& app, Session& session);
void add_scan_command(CLI::App& app, Session& session);
void add_pack_command(CLI::App& app, Session& session);
void add_ports_command(CLI::App& app, Session& session);
void add_query_command(CLI::App& app, Session& session);
void add_software_command(CLI::App& app, Session& session);
void add_verify_command(CLI::App& app, Session& session);
void add_waiver_commands(CLI::App& app, Session& session);

// The whole program: reads the command line, runs, returns the exit code. `connect` may be empty.
[[nodiscard]] int run(const std::vector<std::string>& arguments,
                      std::function<Result<std::unique_ptr<Remote>>()> connect);

// The moment that "2026-11-21", "2026-11-21T08:00:00Z", "now" or "7d" (also h, w: ago) means, as
// the API takes it. kUsage.
[[nodiscard]] Result<std::string> moment(std::string_view text, std::chrono::sys_seconds now);
// The same by the system's clock; nothing for nothing.
[[nodiscard]] Result<std::string> moment_or_none(std::string_view text);

}  // namespace assay::cli
