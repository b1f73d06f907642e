// What the commands of assay-agent have in common: options, exit codes, answers.
#pragma once

#include <string>
#include <vector>

#include "cli/terminal/answer.h"
#include "cli/terminal/exit_code.h"
#include "evidence/result.h"
#include "evidence/text.h"

namespace assay::agent {

using enum cli::ExitCode;

struct CommonOptions {
  std::string language;              // --lang
  std::vector<std::string> outputs;  // -o, as written
  bool is_quiet = false;
  std::string settings_file;  // --settings; empty: /etc/assay/agent.yaml, if it is there
  std::string state_dir;      // --state; empty: the settings'

  [[nodiscard]] Language chosen_language() const { return language_from(language); }
};

// Writes the problem to standard error in the reader's language and returns its exit code.
[[nodiscard]] int report(const CommonOptions& common, const Error& error);
// Writes the answer where -o says, and returns `code`, or the code of what went wrong in writing.
[[nodiscard]] int answer(const CommonOptions& common, const cli::Answer& what, int code);
// Whether -o asks for one of these: a form that takes long to make is not made for nobody.
[[nodiscard]] bool asks_for(const CommonOptions& common,
                            std::initializer_list<cli::Format> formats);

struct ScanArguments {
  std::string root = "/";
  std::string profile;  // empty: the settings'
  std::string fail_on;  // a severity; empty: findings do not matter to the exit code
  bool fail_on_unknown = false;
  bool is_quick = false;      // no table that reads many files
  bool is_whole = false;      // all of them, also those that no check reads
  bool uses_network = false;  // also what assay-scanner sees of this machine and of targets
};
[[nodiscard]] int run_scan_command(const CommonOptions& common, const ScanArguments& arguments);

struct QueryArguments {
  std::string root = "/";
  std::string sql;
  bool uses_network = false;
};
[[nodiscard]] int run_query_command(const CommonOptions& common, const QueryArguments& arguments);

[[nodiscard]] int run_tables_command(const CommonOptions& common, const std::string& name);
[[nodiscard]] int run_tools_command(const CommonOptions& common);

struct ExplainArguments {
  std::string root = "/";
  std::string profile;
  std::string check;
  bool uses_network = false;
};
[[nodiscard]] int run_explain_command(const CommonOptions& common,
                                      const ExplainArguments& arguments);

struct BundleArguments {
  std::string root = "/";
  std::string profile;
  std::string path;
  bool uses_network = false;
};
[[nodiscard]] int run_bundle_command(const CommonOptions& common, const BundleArguments& arguments);

struct EnrollArguments {
  std::string collector;
  std::string token;
  std::string token_file;
};
[[nodiscard]] int run_enroll_command(const CommonOptions& common, const EnrollArguments& arguments);

struct RunArguments {
  bool once = false;
  std::string collector;  // overrides the address of the enrollment
};
[[nodiscard]] int run_run_command(const CommonOptions& common, const RunArguments& arguments);

[[nodiscard]] int run_status_command(const CommonOptions& common);

[[nodiscard]] int run_config_command(const CommonOptions& common, bool dump);

}  // namespace assay::agent
