// Plays agents over real gRPC with TLS and a certificate each: one connection an agent, on which
// it attends and submits, as the courier does.
#pragma once

#include <chrono>
#include <cstddef>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "tests/bench/fleet/company.h"
#include "tests/bench/fleet/machine.h"

namespace assay::bench {

class PlayedAgent;

struct Outcome {
  std::size_t done = 0;    // attended, or held a receipt for what was sent
  std::size_t again = 0;   // were told to come again, and did
  std::size_t failed = 0;  // anything else
  double seconds = 0;
  std::vector<double> latencies;  // milliseconds, sorted
  std::string first_failure;

  [[nodiscard]] double latency(double part) const;
};

// All come back after their collector went away while each had a snapshot on its way.
struct Storm {
  std::size_t back = 0;              // attend again
  std::size_t accepted = 0;          // hold a receipt
  std::size_t before = 0;            // of these, how many before anybody was back
  std::size_t attempts = 0;          // connections that were tried
  std::size_t failed = 0;            // of these
  std::size_t most_in_a_second = 0;  // came back within one
  double seconds = 0;                // from the collector's going until all is well
  double down_seconds = 0;           // of these nobody was there
};

class Player {
 public:
  // `address`: HOST:PORT of the collector.
  Player(const Company& company, std::string address);
  ~Player();

  // Every agent connects and attends; at most `at_once` are connecting at one time. Those that
  // attend already do so anew, over a new connection.
  Outcome attend(std::size_t at_once);
  // One submission for each agent in turn, `prepared[round][agent]`, each on a stream of its own
  // and at most `at_once` under way. `per_second`: not faster than this, and the latency of one
  // that had to wait for its turn is counted from when it should have begun; 0: as fast as it goes.
  Outcome submit(const std::vector<std::vector<Prepared>>& prepared, std::size_t at_once,
                 double per_second = 0);
  // Every agent attends and begins to send `prepared[agent]`; then `restart` is called, after which
  // another collector listens on the same port. The agents come back as couriers do: after as long
  // as they were told, with their back-off and its jitter, until all attend and hold a receipt.
  // Gives up after `patience`.
  Storm storm(const std::vector<Prepared>& prepared, const std::function<void()>& restart,
              std::chrono::seconds patience);
  // Every agent comes once, over a connection of its own, sends what `prepare` gives for it, and
  // leaves; at most `at_once` are there at a time. So a company may have more agents than a process
  // has open files.
  Outcome visit(const std::function<Prepared(std::size_t agent)>& prepare, std::size_t at_once);
  void hang_up();

 private:
  std::string address_;
  const Company& company_;
  std::vector<std::unique_ptr<PlayedAgent>> agents_;
};

}  // namespace assay::bench
