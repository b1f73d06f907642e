#include "agent/child/child_program.h"
#include "agent/main/command.h"
#include "agent/main/settings.h"
#include "agent/schedule/courier_process.h"

namespace assay::agent {

// The courier does it: this program has no network code at all.
int run_enroll_command(const CommonOptions& common, const EnrollArguments& arguments) {
  const auto settings = settings_in_force(common);
  if (!settings) return report(common, settings.error());
  const auto courier = program_beside_this("assay-courier");
  if (!courier) return report(common, courier.error());
  std::vector<std::string> words = {"enroll", "--state", settings->state_dir, "--collector",
                                    arguments.collector};
  const auto add = [&words](const char* option, const std::string& value) {
    if (value.empty()) return;
    words.emplace_back(option);
    words.push_back(value);
  };
  add("--token", arguments.token);
  add("--token-file", arguments.token_file);
  add("--lang", common.language);
  const auto code = run_courier(*courier, words);
  return code ? *code : report(common, code.error());
}

}  // namespace assay::agent
