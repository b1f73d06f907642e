// Commands that look at the network: assay-scanner does it, this program has no network code.
#pragma once

#include <string>
#include <vector>

#include "agent/main/command.h"
#include "evidence/table.h"

namespace assay::agent {

// Starts the scanner with these words and answers with the tables that it writes.
[[nodiscard]] int run_network_command(const CommonOptions& common,
                                      const std::vector<std::string>& words);

struct TlsArguments {
  std::vector<std::string> targets;  // HOST, HOST:PORT or [ADDRESS]:PORT
  std::string start_tls;             // a protocol; empty: TLS from the first byte
};
[[nodiscard]] int run_tls_command(const CommonOptions& common, const TlsArguments& arguments);

struct SensorArguments {
  std::string file;  // empty: an interface
  std::string interface;
  int seconds = 60;
  std::string filter;  // of the kernel
  bool is_promiscuous = false;
  std::vector<std::string> block_lists;
  std::vector<std::string> own_networks;
  std::string working_hours;  // Mon-Fri 08:00-18:00 +08:00
  bool flows_only = false;
};
[[nodiscard]] int run_sensor_command(const CommonOptions& common, const SensorArguments& arguments);

// Several tables as one answer: JSON and NDJSON have one object per table, CSV one line per value,
// a terminal a grid per table below what is the same in all of its rows.
[[nodiscard]] cli::Answer answer_of_tables(std::vector<evidence::Table> tables);

}  // namespace assay::agent
