#include <filesystem>

#include "agent/main/command.h"
#include "agent/main/settings.h"
#include "agent/schedule/courier_process.h"

namespace assay::agent {

// The courier does it: this program has no network code at all.
int run_enroll_command(const CommonOptions& common, const EnrollArguments& arguments) {
  const auto settings = settings_in_force(common);
  if (!settings) return report(common, settings.error());
  std::error_code error;
  const auto self = std::filesystem::read_symlink("/proc/self/exe", error);
  if (error) return report(common, system_error(error.value(), "finding this program's folder"));
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
  const auto code = run_courier((self.parent_path() / "assay-courier").string(), words);
  return code ? *code : report(common, code.error());
}

}  // namespace assay::agent
