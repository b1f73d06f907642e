// Where this machine's own listeners can be reached from itself.
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
  bool is_udp = false;   // else TCP
  bool operator==(const LocalEndpoint&) const = default;
};

// Of UDP the ports at which DNS, TFTP, NTP and SNMP are met. A question that nobody understands may be
// written down somewhere, and without a connection there is no telling who would.
[[nodiscard]] bool may_ask_by_udp(std::uint16_t port);

// Of the rows of listening_ports, each socket once, by port. Who listens on all addresses is
// reached by loopback: 127.0.0.1 or ::1, or another address of 127.0.0.0/8 where a second program
// listens on that one. What may be a port of raw printing is not to be asked: it would print the
// question.
[[nodiscard]] std::vector<LocalEndpoint> local_endpoints(const evidence::Table& listening_ports);

}  // namespace assay::agent
