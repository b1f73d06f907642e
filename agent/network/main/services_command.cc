// assay-scanner services TARGET…: which protocols endpoints speak, and what they offer in them.
#include <CLI/CLI.hpp>
#include <iostream>
#include <memory>

#include "agent/network/main/limit_options.h"
#include "agent/network/main/scanner_command.h"
#include "agent/network/main/table_stream.h"
#include "agent/network/services/engine/scanner.h"
#include "agent/network/services/result/service_rows.h"

namespace assay::agent {

namespace {

constexpr std::size_t kMaxLine = 2'000;

struct ServiceScanArguments {
  std::vector<std::string> targets;
  services::Options options;
  services::Limits limits;
};

Status add_target(std::string_view text, std::vector<services::Endpoint>* all) {
  auto endpoints = services::endpoints_from(text);
  if (!endpoints) return fail(endpoints.error());
  all->insert(all->end(), endpoints->begin(), endpoints->end());
  if (all->size() > services::kMaxEndpoints)
    return fail(Code::kTooLarge,
                "more than " + std::to_string(services::kMaxEndpoints) + " endpoints");
  return {};
}

// "TARGET", or "TARGET neighbour" for Endpoint::is_as_neighbour.
Status add_line(std::string_view line, std::vector<services::Endpoint>* all) {
  constexpr std::string_view kNeighbour = " neighbour";
  const bool is_as_neighbour = line.ends_with(kNeighbour);
  if (is_as_neighbour) line.remove_suffix(kNeighbour.size());
  const auto first = all->size();
  if (auto added = add_target(line, all); !added) return added;
  for (auto i = first; i < all->size(); ++i) (*all)[i].is_as_neighbour = is_as_neighbour;
  return {};
}

// Of several targets, each endpoint once, in their order. "-": one a line, as the agent gives
// them.
Result<std::vector<services::Endpoint>> endpoints_of(const ServiceScanArguments& arguments) {
  std::vector<services::Endpoint> all;
  if (arguments.targets == std::vector<std::string>{"-"}) {
    std::string line;
    while (std::getline(std::cin, line)) {
      if (line.empty()) continue;
      if (line.size() > kMaxLine)
        return fail(Code::kTooLarge, "standard input has more than is read");
      if (auto added = add_line(line, &all); !added) return fail(added.error());
    }
  } else {
    for (const auto& text : arguments.targets)
      if (auto added = add_target(text, &all); !added) return fail(added.error());
  }
  std::set<services::Endpoint> met;
  std::erase_if(all, [&](const auto& endpoint) { return !met.insert(endpoint).second; });
  return all;
}

int run_service_scan(const ServiceScanArguments& arguments) {
  if (const auto left = give_up_root(); !left) return report_problem(left.error());
  const auto endpoints = endpoints_of(arguments);
  if (!endpoints) return report_problem(endpoints.error());
  const auto results = services::recognise(*endpoints, arguments.options, arguments.limits);
  if (!results) return report_problem(results.error());
  const auto written = write_tables(services::service_tables(*results));
  return written ? kScannerDone : report_problem(written.error());
}

}  // namespace

void add_services_command(CLI::App& app, int* code) {
  const auto arguments = std::make_shared<ServiceScanArguments>();
  auto* command = app.add_subcommand("services", "which protocols are spoken, and what is offered");
  command->add_option("target", arguments->targets, "HOST[:PORTS] …; - reads them, one a line")
      ->required();
  command->add_flag("--ftp-anonymous", arguments->options.tries_anonymous_ftp,
                    "log in to FTP as anonymous");
  command->add_flag("--snmp-communities", arguments->options.tries_communities,
                    "ask SNMP with the communities public and private");
  add_limit_options(*command, arguments->limits);
  command->callback([arguments, code] { *code = run_service_scan(*arguments); });
}

}  // namespace assay::agent
