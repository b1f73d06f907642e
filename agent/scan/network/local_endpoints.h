// Where this machine's own TCP listeners can be reached from itself.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "evidence/table.h"

namespace assay::agent {

struct LocalEndpoint {
  std::string host;  // an address; empty: there is none to reach it by
  std::uint16_t port = 0;
  std::string listener;  // the address that it listens on
  std::string process;   // its program; empty where it cannot be told
  std::string problem;   // why it cannot be reached; empty: it can
  bool operator==(const LocalEndpoint&) const = default;
};

// Of the rows of listening_ports, each TCP socket once, by port. Who listens on all addresses is
// reached by loopback: 127.0.0.1 or ::1, or another address of 127.0.0.0/8 where a second program
// listens on that one. What may be a port of raw printing is not to be asked: it would print the
// question.
[[nodiscard]] std::vector<LocalEndpoint> local_endpoints(const evidence::Table& listening_ports);

}  // namespace assay::agent
