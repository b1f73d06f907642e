// assay-scanner sensor: from a capture file or an interface to the observed_ tables.
#pragma once

#include "agent/network/main/scanner_command.h"

namespace assay::agent {

void add_sensor_command(CLI::App& app, int* code);

}  // namespace assay::agent
