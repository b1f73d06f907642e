// Lists as CSV (RFC 4180) whose header names the columns: MISP's export of attributes, and those of
// Feodo Tracker and ThreatFox.
#include <algorithm>

#include "agent/network/sensor/lists/list_text.h"
#include "agent/network/sensor/lists/listed_value.h"

namespace assay::agent::sensor {
namespace {

constexpr std::size_t kMaxFields = 64;

// Fields of one line; quotes may hold commas and doubled quotes, not line ends.
std::vector<std::string> fields_of(std::string_view line) {
  std::vector<std::string> fields(1);
  bool is_quoted = false;
  for (std::size_t at = 0; at < line.size(); ++at) {
    const char each = line[at];
    if (each == '"' && is_quoted && at + 1 < line.size() && line[at + 1] == '"') {
      fields.back().push_back('"');
      ++at;
    } else if (each == '"') {
      is_quoted = !is_quoted;
    } else if (each == ',' && !is_quoted && fields.size() < kMaxFields) {
      fields.emplace_back();
    } else {
      fields.back().push_back(each);
    }
  }
  for (auto& field : fields) field = std::string(trim_list_text(field));
  return fields;
}

struct Columns {
  std::optional<std::size_t> value;
  std::optional<std::size_t> type;
  std::optional<std::size_t> port;
  std::optional<std::size_t> date;
  std::optional<std::size_t> confidence;
  std::optional<std::size_t> is_for_detection;  // MISP's to_ids
};

std::optional<std::size_t> column(const std::vector<std::string>& header,
                                  std::initializer_list<std::string_view> names) {
  for (const auto name : names)
    if (const auto at = std::ranges::find(header, name); at != header.end())
      return static_cast<std::size_t>(at - header.begin());
  return std::nullopt;
}

// Feodo Tracker and ThreatFox put the header behind a comment sign.
Columns columns_of(std::string_view line) {
  while (line.starts_with('#') || line.starts_with(' ')) line.remove_prefix(1);
  const auto header = fields_of(line);
  if (header.size() < 2) return {};
  return {.value = column(header, {"value", "ioc_value", "dst_ip", "ip_address"}),
          .type = column(header, {"type", "ioc_type"}),
          .port = column(header, {"dst_port", "port"}),
          .date = column(header, {"last_online", "last_seen_utc", "date", "first_seen_utc"}),
          .confidence = column(header, {"confidence_level", "confidence"}),
          .is_for_detection = column(header, {"to_ids"})};
}

std::string_view field(const std::vector<std::string>& fields, std::optional<std::size_t> at) {
  return at && *at < fields.size() ? std::string_view(fields[*at]) : std::string_view();
}

void read_row(std::string_view line, const Columns& columns, std::uint32_t number,
              ParsedList* list) {
  const auto fields = fields_of(line);
  if (columns.is_for_detection && field(fields, columns.is_for_detection) == "0") return;
  keep_listed_value({.value = std::string(field(fields, columns.value)),
                     .type = field(fields, columns.type),
                     .port = field(fields, columns.port),
                     .date = field(fields, columns.date),
                     .confidence = field(fields, columns.confidence)},
                    number, list);
}

}  // namespace

bool looks_like_csv(std::string_view text) {
  bool is_csv = false;
  int looked = 0;
  each_list_line(text.substr(0, kMaxListLine), [&](std::string_view line, std::uint32_t) {
    if (looked++ < 50 && columns_of(line).value) is_csv = true;
  });
  return is_csv;
}

void parse_csv(std::string_view text, ParsedList* list) {
  Columns columns;
  each_list_line(text, [&](std::string_view line, std::uint32_t number) {
    if (line.size() > kMaxListLine) return note_not_understood(number, list);
    line = trim_list_text(line);
    if (line.empty()) return;
    if (!columns.value) {
      columns = columns_of(line);
      if (!columns.value && list->date.empty()) list->date = date_in(line);
      return;
    }
    if (!line.starts_with('#')) read_row(line, columns, number, list);
  });
}

}  // namespace assay::agent::sensor
