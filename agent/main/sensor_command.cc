#include "agent/main/interrupts.h"
#include "agent/main/network_command.h"

namespace assay::agent {
int run_sensor_command(const CommonOptions& common, const SensorArguments& arguments) {
  const bool is_file = !arguments.file.empty();
  std::vector<std::string> words{"sensor", is_file ? "read" : "watch"};
  const auto add = [&words](const char* option, const std::string& value) {
    if (value.empty()) return;
    words.emplace_back(option);
    words.push_back(value);
  };
  for (const auto& list : arguments.block_lists) add("--blocklist", list);
  for (const auto& network : arguments.own_networks) add("--own", network);
  add("--working-hours", arguments.working_hours);
  if (arguments.flows_only) words.emplace_back("--flows-only");
  if (is_file) {
    words.emplace_back("--");
    words.push_back(arguments.file);
  } else {
    add("--interface", arguments.interface);
    add("--seconds", std::to_string(arguments.seconds));
    add("--filter", arguments.filter);
    if (arguments.is_promiscuous) words.emplace_back("--promiscuous");
    leave_interrupts_to_the_scanner();
  }
  return run_network_command(common, words);
}

}  // namespace assay::agent
