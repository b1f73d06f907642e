#include <algorithm>
#include <chrono>

#include "agent/host/live_host.h"
#include "agent/main/interrupts.h"
#include "agent/main/network_command.h"
#include "agent/main/settings.h"
#include "agent/network/sweep/plan/scope.h"

namespace assay::agent {
namespace {

std::int64_t now_in_seconds() {
  return std::chrono::duration_cast<std::chrono::seconds>(
             std::chrono::system_clock::now().time_since_epoch())
      .count();
}

Result<sweep::WantedMethod> method_from(const std::string& word) {
  if (word.empty() || word == "auto") return sweep::WantedMethod::kAuto;
  if (word == "syn") return sweep::WantedMethod::kSyn;
  if (word == "connect") return sweep::WantedMethod::kConnect;
  return fail(Code::kUsage, "--method " + word + ": auto, syn or connect");
}

}  // namespace

int run_sweep_command(const CommonOptions& common, const SweepArguments& arguments) {
  const auto method = method_from(arguments.method);
  if (!method) return report(common, method.error());
  const auto settings = settings_in_force(common);
  if (!settings) return report(common, settings.error());
  LiveHost host;
  const auto interfaces = host.interface_addresses();
  if (!interfaces) return report(common, interfaces.error());
  std::vector<std::string> own;
  for (const auto& one : *interfaces) own.push_back(one.address);
  auto plan = sweep::plan_of(settings->sweep,
                             {.targets = arguments.targets,
                              .is_of_neighbours = arguments.is_of_neighbours,
                              .ports = arguments.ports,
                              .exclude = arguments.exclude,
                              .packets_per_second = arguments.packets_per_second},
                             {.own = sweep::own_addresses(own), .now = now_in_seconds()});
  if (!plan)
    return report(common,
                  Error(plan.error().code, plan.error().words.in(common.chosen_language())));
  plan->method = *method;
  leave_interrupts_to_the_scanner();
  return run_network_command(common, {"sweep"}, to_text(*plan));
}

}  // namespace assay::agent
