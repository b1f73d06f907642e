#include "agent/main/network_command.h"

#include "agent/scanner/scanned_tables.h"
#include "agent/scanner/scanner_process.h"

namespace assay::agent {

int run_network_command(const CommonOptions& common, const std::vector<std::string>& words,
                        std::string_view input) {
  // A slip in -o is told before anything is sent to anybody.
  if (const auto targets = cli::parse_outputs(common.outputs); !targets)
    return report(common, targets.error());
  const auto program = scanner_program();
  if (!program) return report(common, program.error());
  const auto ended = run_scanner({.program = *program, .arguments = words, .input = input});
  if (!ended) return report(common, ended.error());
  if (ended->code != kDone) return ended->code;  // it has said itself what is wrong
  auto tables = scanned_tables(ended->output);
  if (!tables) return report(common, tables.error());
  return answer(common, answer_of_tables(*std::move(tables)), kDone);
}

int run_tls_command(const CommonOptions& common, const TlsArguments& arguments) {
  std::vector<std::string> words{"tls"};
  if (!arguments.start_tls.empty()) {
    words.emplace_back("--starttls");
    words.push_back(arguments.start_tls);
  }
  words.emplace_back("--");
  words.insert(words.end(), arguments.targets.begin(), arguments.targets.end());
  return run_network_command(common, words);
}

int run_services_command(const CommonOptions& common, const ServicesArguments& arguments) {
  std::vector<std::string> words{"services"};
  if (arguments.tries_anonymous_ftp) words.emplace_back("--ftp-anonymous");
  if (arguments.tries_communities) words.emplace_back("--snmp-communities");
  words.emplace_back("--");
  words.insert(words.end(), arguments.targets.begin(), arguments.targets.end());
  return run_network_command(common, words);
}

}  // namespace assay::agent
