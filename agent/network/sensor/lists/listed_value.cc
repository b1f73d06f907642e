#include "agent/network/sensor/lists/listed_value.h"

#include <algorithm>
#include <array>
#include <charconv>

#include "agent/network/sensor/lists/list_text.h"

namespace assay::agent::sensor {

namespace {

template <typename Number>
void read_number(std::string_view text, Number* out) {
  (void)std::from_chars(text.data(), text.data() + text.size(), *out);  // what it was stays
}

bool is_address_or_name(std::string_view type) {
  constexpr std::array<std::string_view, 9> kTypes = {"ip-dst",        "ip-src",      "domain",
                                                      "hostname",      "ip-dst|port", "ip-src|port",
                                                      "hostname|port", "domain|ip",   "ip:port"};
  return type.empty() || std::ranges::find(kTypes, type) != kTypes.end();
}

void keep_value(std::string_view value, const ListedValue& listed, std::uint32_t number,
                ParsedList* list) {
  auto entry = parse_indicator(value);
  if (!entry) return note_not_understood(number, list);
  if (entry->port == 0) read_number(listed.port, &entry->port);
  note_details(listed.date, listed.confidence, &*entry);
  keep_entry(std::move(*entry), number, list);
}

}  // namespace

void note_details(std::string_view date, std::string_view confidence, ParsedEntry* entry) {
  std::int16_t stated = -1;
  read_number(confidence, &stated);
  if (stated >= 0 && stated <= 100) entry->confidence = stated;
  entry->date = date_in(date);
}

void keep_listed_value(ListedValue listed, std::uint32_t number, ParsedList* list) {
  if (!is_address_or_name(listed.type)) return;
  auto& value = listed.value;
  if (const auto bar = value.find('|'); bar != std::string::npos) {
    if (listed.type == "domain|ip") {
      keep_value(std::string_view(value).substr(bar + 1), listed, number, list);
      value.resize(bar);
    } else {
      const bool is_v6 = value.find(':') != std::string::npos;
      value = (is_v6 ? "[" + value.substr(0, bar) + "]" : value.substr(0, bar)) + ":" +
              value.substr(bar + 1);
    }
  }
  keep_value(value, listed, number, list);
}

}  // namespace assay::agent::sensor
