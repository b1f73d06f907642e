// Patterns of STIX 2.1 (section 9), as far as they name addresses, names and URLs one by one:
//
//   [ipv4-addr:value = '198.51.100.7' OR domain-name:value = 'bad.example'] OR [url:value = '…']
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "agent/network/sensor/lists/list_parser.h"

namespace assay::agent::sensor {

// Each value as an entry. Nothing when the pattern is anything else, and `*why` says what.
//
// A URL stands for its host, and only where it has no path: the sensor sees no paths, and whoever
// shares the host with a bad page is not listed.
[[nodiscard]] std::optional<std::vector<ParsedEntry>> entries_of_pattern(std::string_view pattern,
                                                                         std::string_view* why);

}  // namespace assay::agent::sensor
