// The options by which a person bounds what is asked of servers, for the commands that connect to
// endpoints.
#pragma once

#include <CLI/CLI.hpp>
#include <chrono>
#include <string>

namespace assay::agent {

// Of `limits` they are connections_per_host, connections_per_second, endpoint and all; what
// these are now is the default that the help shows. It outlives the parsing, which writes it.
template <typename Limits>
void add_limit_options(CLI::App& command, Limits& limits) {
  constexpr int kMaxSeconds = 24 * 60 * 60;
  const auto number = [](auto value) { return std::to_string(static_cast<long>(value)); };
  const auto endpoint = std::chrono::duration_cast<std::chrono::seconds>(limits.endpoint);
  command
      .add_option("--connections", limits.connections_per_host,
                  "to one host at a time, on this machine to one endpoint; default " +
                      number(limits.connections_per_host))
      ->check(CLI::Range(1, 64));
  command
      .add_option("--rate", limits.connections_per_second,
                  "new ones to one host per second, datagrams among them; default " +
                      number(limits.connections_per_second))
      ->check(CLI::Range(1, 10'000));
  command
      .add_option_function<int>(
          "--endpoint-seconds",
          [&limits](int seconds) { limits.endpoint = std::chrono::seconds(seconds); },
          "for one endpoint; default " + number(endpoint.count()))
      ->check(CLI::Range(1, kMaxSeconds));
  command
      .add_option_function<int>(
          "--seconds", [&limits](int seconds) { limits.all = std::chrono::seconds(seconds); },
          "for all of them; default: as long as it takes")
      ->check(CLI::Range(1, kMaxSeconds));
}

}  // namespace assay::agent
