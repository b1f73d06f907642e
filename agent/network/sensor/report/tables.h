// The tables that a sensor's findings are: observed_flows and its neighbours.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "agent/network/sensor/sensor.h"
#include "evidence/table.h"

namespace assay::agent::sensor {

// What the sensor was shown, as far as it cannot know by itself.
struct CaptureSource {
  std::string name;  // of the interface or file
  bool is_interface = false;
  std::string filter;         // empty: none
  std::uint64_t lost = 0;     // frames, by the kernel or the capturing program
  std::string problem;        // why the capture ended early; empty: it did not
  std::string working_hours;  // as written; empty: none
};

// After Sensor::finish(). One table each, sorted by name.
[[nodiscard]] std::vector<evidence::Table> tables_of(const Sensor& sensor,
                                                     const CaptureSource& source);

// One table each; tables_of() calls them.
[[nodiscard]] evidence::Table observed_flows(const Sensor& sensor);
[[nodiscard]] evidence::Table observed_cleartext(const Sensor& sensor);
[[nodiscard]] evidence::Table observed_dns(const Sensor& sensor);
[[nodiscard]] evidence::Table observed_hosts(const Sensor& sensor);
[[nodiscard]] evidence::Table blocklist_hits(const Sensor& sensor);
[[nodiscard]] evidence::Table observed_capture(const Sensor& sensor, const CaptureSource& source);

}  // namespace assay::agent::sensor
