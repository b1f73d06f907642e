#include <algorithm>

#include "agent/network/sensor/report/cells.h"
#include "agent/network/sensor/report/tables.h"

namespace assay::agent::sensor {
namespace {

struct Loss {
  std::uint64_t frames = 0;
  std::string reasons;
};

Loss not_decoded(const SensorCounts& counts) {
  Loss loss;
  for (std::size_t at = 1; at < counts.by_reason.size(); ++at) {
    const auto reason = static_cast<Undecoded>(at);
    if (counts.by_reason[at] == 0 || reason == Undecoded::kFragment ||
        reason == Undecoded::kOtherProtocol)
      continue;
    loss.frames += counts.by_reason[at];
    if (!loss.reasons.empty()) loss.reasons += "; ";
    loss.reasons += std::string(name_of(reason)) + ": " + std::to_string(counts.by_reason[at]);
  }
  return loss;
}

std::uint64_t count_of(const SensorCounts& counts, Undecoded reason) {
  return counts.by_reason[static_cast<std::size_t>(reason)];
}

// Rows that there was no room for. Flows in a row of many are there, though not one by one.
std::uint64_t folded(const Sensor& sensor) {
  const auto& found = sensor.findings();
  return sensor.conversations().folded() + found.cleartext.refused() + found.dns.refused() +
         found.hosts.refused() + found.hits.refused() + sensor.counts().names_refused;
}

class Gaps {
 public:
  void add(std::uint64_t count, std::string_view what) {
    if (count != 0) add(std::to_string(count) + " " + std::string(what));
  }
  void add(const std::string& what) {
    if (what.empty()) return;
    if (!text_.empty()) text_ += "; ";
    text_ += what;
  }
  [[nodiscard]] const std::string& text() const { return text_; }

 private:
  std::string text_;
};

// The day of the oldest list; empty when one does not say.
std::string oldest(const std::vector<ListInfo>& lists) {
  std::string day;
  for (const auto& list : lists) {
    if (list.date.empty()) return {};
    if (day.empty() || list.date < day) day = list.date;
  }
  return day;
}

}  // namespace

evidence::Table observed_capture(const Sensor& sensor, const CaptureSource& source) {
  const auto& counts = sensor.counts();
  const auto loss = not_decoded(counts);
  const auto incomplete = sensor.fragments().given_up() + sensor.fragments().waiting();
  std::uint64_t entries = 0;
  std::uint64_t skipped = 0;
  std::vector<ListInfo> lists;
  if (sensor.options().lists != nullptr) lists = sensor.options().lists->lists();
  for (const auto& list : lists) {
    entries += list.entries;
    skipped += list.not_understood + list.refused;
  }
  Gaps gaps;
  gaps.add(source.problem);
  gaps.add(source.lost, "frames were lost");
  gaps.add(loss.frames, "frames were not decoded");
  gaps.add(sensor.stream_evictions(), "connections were not looked into, for want of room");
  gaps.add(counts.streams_with_holes, "connections had too many holes");
  gaps.add(incomplete, "datagrams lacked a fragment");
  gaps.add(folded(sensor), "flows have no row of their own");
  if (counts.frames == 0) gaps.add("no frame was seen");
  evidence::Table table(*evidence::find_table("observed_capture"));
  table.add({{"source", source.name},
             {"kind", std::string(source.is_interface ? "interface" : "file")},
             {"filter", text_cell(source.filter)},
             {"packets", number_cell(counts.frames)},
             {"bytes", number_cell(counts.bytes)},
             {"other_frames", number_cell(count_of(counts, Undecoded::kOtherProtocol))},
             {"not_decoded", number_cell(loss.frames)},
             {"not_decoded_reasons", text_cell(loss.reasons)},
             {"lost", number_cell(source.lost)},
             {"flows_evicted", number_cell(sensor.flow_evictions())},
             {"streams_evicted", number_cell(sensor.stream_evictions())},
             {"fragments_incomplete", number_cell(incomplete)},
             {"rows_folded", number_cell(folded(sensor))},
             {"looks_at_content", number_cell(sensor.options().recognises ? 1 : 0)},
             {"lists", number_cell(lists.size())},
             {"list_entries", number_cell(entries)},
             {"list_lines_skipped", number_cell(skipped)},
             {"lists_oldest", text_cell(oldest(lists))},
             {"working_hours", text_cell(source.working_hours)},
             {"gaps", text_cell(gaps.text())},
             {"first_seen", time_cell(counts.first)},
             {"last_seen", time_cell(counts.last)}});
  return table;
}

std::vector<evidence::Table> tables_of(const Sensor& sensor, const CaptureSource& source) {
  std::vector<evidence::Table> tables;
  tables.push_back(blocklist_hits(sensor));
  tables.push_back(observed_capture(sensor, source));
  tables.push_back(observed_cleartext(sensor));
  tables.push_back(observed_dns(sensor));
  tables.push_back(observed_flows(sensor));
  tables.push_back(observed_hosts(sensor));
  return tables;
}

}  // namespace assay::agent::sensor
