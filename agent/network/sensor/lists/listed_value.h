// One value of a list that says of which type it is, as MISP, Feodo Tracker and ThreatFox do in CSV
// and in JSON.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "agent/network/sensor/lists/list_parser.h"

namespace assay::agent::sensor {

struct ListedValue {
  std::string value;
  std::string_view type;  // of MISP or ThreatFox; empty: not stated
  std::string_view port;  // the others are what the list says, too; empty: nothing
  std::string_view date;
  std::string_view confidence;
};

// Adds what it says to the list. Hashes, addresses of mail and the like are no concern of the
// network, and are passed over; "domain|ip" is two entries.
void keep_listed_value(ListedValue listed, std::uint32_t number, ParsedList* list);

// What a list says of an entry besides.
void note_details(std::string_view date, std::string_view confidence, ParsedEntry* entry);

}  // namespace assay::agent::sensor
