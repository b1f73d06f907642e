// assay-scanner tls TARGET…: the TLS audit.
#include <CLI/CLI.hpp>
#include <iostream>
#include <memory>

#include "agent/network/main/limit_options.h"
#include "agent/network/main/scanner_command.h"
#include "agent/network/main/table_stream.h"
#include "agent/network/tls/audit/auditor.h"
#include "agent/network/tls/openssl/lean_openssl.h"
#include "agent/network/tls/result/tls_rows.h"

namespace assay::agent {

namespace {

constexpr std::size_t kMaxTargets = 10'000;
constexpr std::size_t kMaxTargetLine = 300;

struct TlsScanArguments {
  std::vector<std::string> targets;
  std::string start_tls;
  tls::AuditLimits limits;
};

// One target a line, "HOST:PORT" or "HOST:PORT PROTOCOL", as the agent gives them.
Result<std::vector<tls::Target>> targets_from(std::istream& input) {
  std::vector<tls::Target> targets;
  std::string line;
  while (std::getline(input, line)) {
    if (line.empty()) continue;
    if (line.size() > kMaxTargetLine || targets.size() == kMaxTargets)
      return fail(Code::kTooLarge, "standard input has more than is read");
    const auto blank = line.find(' ');
    const auto protocol = blank == std::string::npos ? std::string() : line.substr(blank + 1);
    auto target = tls::target_from(line.substr(0, blank), protocol);
    if (!target) return fail(target.error());
    targets.push_back(*std::move(target));
  }
  return targets;
}

Result<std::vector<tls::Target>> targets_of(const TlsScanArguments& arguments) {
  if (arguments.targets == std::vector<std::string>{"-"}) return targets_from(std::cin);
  std::vector<tls::Target> targets;
  for (const auto& text : arguments.targets) {
    auto target = tls::target_from(text, arguments.start_tls);
    if (!target) return fail(target.error());
    targets.push_back(*std::move(target));
  }
  return targets;
}

int run_tls_scan(const TlsScanArguments& arguments) {
  if (const auto left = give_up_root(); !left) return report_problem(left.error());
  const auto targets = targets_of(arguments);
  if (!targets) return report_problem(targets.error());
  tls::use_lean_openssl();
  const auto results = tls::audit(*targets, arguments.limits);
  if (!results) return report_problem(results.error());
  const auto written = write_tables(tls::tls_tables(*results));
  return written ? kScannerDone : report_problem(written.error());
}

}  // namespace

void add_tls_command(CLI::App& app, int* code) {
  const auto arguments = std::make_shared<TlsScanArguments>();
  auto* command =
      app.add_subcommand("tls", "what TLS servers offer: protocols, suites, certificates");
  command->add_option("target", arguments->targets, "HOST:PORT …; - reads them, one a line")
      ->required();
  command->add_option("--starttls", arguments->start_tls,
                      "the protocol that is spoken before TLS; auto: find out");
  add_limit_options(*command, arguments->limits);
  command->callback([arguments, code] { *code = run_tls_scan(*arguments); });
}

}  // namespace assay::agent
