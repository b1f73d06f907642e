// The sockets that wait for others, joined with the programs behind them.
#pragma once

#include <string>
#include <vector>

#include "agent/host/host.h"
#include "agent/probes/linux/processes/process_facts.h"

namespace assay::agent {

struct Listener {
  Socket socket;
  ProcessFacts process;  // empty where it cannot be told
  std::string package;   // empty when none owns the executable
};

// kNotSupported for an image. Without privileges the owners of other people's sockets stay empty.
[[nodiscard]] Result<std::vector<Listener>> find_listeners(Host& host);

}  // namespace assay::agent
