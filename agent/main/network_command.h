// Commands that look at the network: assay-scanner does it, this program has no network code.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "agent/main/command.h"
#include "evidence/table.h"

namespace assay::agent {

// Starts the scanner with these words, and `input` on its standard input, and answers with the
// tables that it writes.
[[nodiscard]] int run_network_command(const CommonOptions& common,
                                      const std::vector<std::string>& words,
                                      std::string_view input = {});

struct TlsArguments {
  std::vector<std::string> targets;  // HOST, HOST:PORT or [ADDRESS]:PORT
  std::string start_tls;             // a protocol; empty: TLS from the first byte
};
[[nodiscard]] int run_tls_command(const CommonOptions& common, const TlsArguments& arguments);

struct ServicesArguments {
  std::vector<std::string> targets;  // HOST, HOST:PORTS or [ADDRESS]:PORTS
  bool tries_anonymous_ftp = false;
  bool tries_communities = false;
};
[[nodiscard]] int run_services_command(const CommonOptions& common,
                                       const ServicesArguments& arguments);

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

struct SweepArguments {
  std::vector<std::string> targets;  // addresses, networks, ranges; none: this machine
  bool is_of_neighbours = false;     // the configured neighbours
  std::string ports;                 // 22,80,8000-8100,U:53; empty: the settings'
  std::vector<std::string> exclude;
  std::uint32_t packets_per_second = 0;  // 0: the settings'
  std::string method;                    // auto, syn, connect
};
[[nodiscard]] int run_sweep_command(const CommonOptions& common, const SweepArguments& arguments);

// Several tables as one answer: JSON and NDJSON have one object per table, CSV one line per value,
// a terminal a grid per table below what is the same in all of its rows.
[[nodiscard]] cli::Answer answer_of_tables(std::vector<evidence::Table> tables);

}  // namespace assay::agent
