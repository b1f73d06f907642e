// What the resident agent watches on the wire, as the settings say it:
//
//   sensor:
//     interface: eth0                 # nothing, the default: there is no sensor
//     window: 1h
//     block_lists: [/etc/assay/blocklists/isac.txt]
//     own_networks: [203.0.113.0/24]
//     working_hours: "Mon-Fri 08:00-18:00 +08:00"
//     filter: "not port 9100"
#pragma once

#include <chrono>
#include <string>
#include <vector>

#include "evidence/result.h"

namespace assay::agent {

inline constexpr std::chrono::seconds kMinSensorWindow{60};
inline constexpr std::chrono::seconds kMaxSensorWindow{86'400};

struct SensorSettings {
  std::string interface;  // "any": all of them; empty: no sensor
  // What is seen is told in pieces at least this long; each ends with a scan.
  std::chrono::seconds window{3600};
  std::vector<std::string> block_lists;   // paths
  std::vector<std::string> own_networks;  // that no list is compared with
  std::string working_hours;              // empty: none
  std::string filter;                     // of pcap-filter(7); empty: none
  bool operator==(const SensorSettings&) const = default;

  [[nodiscard]] bool is_on() const { return !interface.empty(); }
};

// As the kernel takes one. kConfiguration says what is wrong.
[[nodiscard]] Status check_interface(const std::string& name);
// An address, or one with the length of its prefix.
[[nodiscard]] Status check_network(const std::string& text);

}  // namespace assay::agent
