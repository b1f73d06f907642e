// Plays agents over real gRPC with TLS and a certificate each: one connection an agent, on which
// it attends and submits, as the courier does.
#pragma once

#include <chrono>
#include <cstddef>
#include <memory>
#include <string>
#include <vector>

#include "tests/bench/fleet/company.h"
#include "tests/bench/fleet/machine.h"

namespace assay::bench {

struct Outcome {
  std::size_t done = 0;    // attended, or held a receipt for what was sent
  std::size_t again = 0;   // were told to come again, and did
  std::size_t failed = 0;  // anything else
  double seconds = 0;
  std::vector<double> latencies;  // milliseconds, sorted
  std::string first_failure;

  [[nodiscard]] double latency(double part) const;
};

class Player {
 public:
  Player(const Company& company, int port);
  ~Player();

  // Every agent connects and attends; at most `at_once` are connecting at one time. Those that
  // attend already do so anew, over a new connection.
  Outcome attend(std::size_t at_once);
  // One submission for each agent in turn, `prepared[round][agent]`, each on a stream of its own
  // and at most `at_once` under way.
  Outcome submit(const std::vector<std::vector<Prepared>>& prepared, std::size_t at_once);
  void hang_up();

 private:
  class Agent;
  std::string address_;
  const Company& company_;
  std::vector<std::unique_ptr<Agent>> agents_;
};

}  // namespace assay::bench
