#include "agent/main/command.h"

#include <algorithm>
#include <cstdio>

#include "cli/terminal/width.h"

namespace assay::agent {

int report(const CommonOptions& common, const Error& error) {
  const bool is_chinese = common.chosen_language() == Language::kChinese;
  (void)std::fprintf(stderr, "%s%s\n", is_chinese ? "assay-agent：" : "assay-agent: ",
                     cli::harmless(error.message()).c_str());
  return cli::exit_code_for(error);
}

bool asks_for(const CommonOptions& common, std::initializer_list<cli::Format> formats) {
  const auto targets = cli::parse_outputs(common.outputs);
  return targets && std::ranges::any_of(*targets, [&](const cli::OutputTarget& target) {
           return std::ranges::find(formats, target.format) != formats.end();
         });
}

int answer(const CommonOptions& common, const cli::Answer& what, int code) {
  if (common.is_quiet && common.outputs.empty()) return code;
  const auto targets = cli::parse_outputs(common.outputs);
  if (!targets) return report(common, targets.error());
  const auto delivered = cli::deliver(what, *targets, cli::this_screen(common.chosen_language()));
  return delivered ? code : report(common, delivered.error());
}

}  // namespace assay::agent
