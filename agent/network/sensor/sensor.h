// Looks at frames and tells who spoke with whom, what went in clear, and what is on a block list.
// No payload is kept, and of credentials only that they were there.
//
//   Sensor sensor({.lists = &lists});
//   while (file.next(&record) == Next::kRecord) sensor.take(record);
//   sensor.finish();
//   const auto tables = tables_of(sensor, source);   // report.h
//
// Memory is fixed by the options, whatever comes. Not for several threads.
#pragma once

#include <array>
#include <optional>
#include <string>
#include <unordered_map>
#include <vector>

#include "agent/network/sensor/capture/record.h"
#include "agent/network/sensor/flow/flow_table.h"
#include "agent/network/sensor/flow/stream.h"
#include "agent/network/sensor/flow/working_hours.h"
#include "agent/network/sensor/lists/block_list.h"
#include "agent/network/sensor/packet/decoder.h"
#include "agent/network/sensor/recognise/dns.h"
#include "agent/network/sensor/tally/conversations.h"
#include "agent/network/sensor/tally/findings.h"

namespace assay::agent::sensor {

struct SensorOptions {
  std::size_t flows = 1U << 17U;  // under way at a time
  std::size_t streams = 2048;     // TCP connections whose beginning is looked at, at a time
  std::size_t rows = 1U << 16U;   // of each table
  bool recognises = true;         // false: flows only
  std::optional<WorkingHours> hours;
  const BlockLists* lists = nullptr;  // prepared; must live as long
  std::uint64_t seed = 0;             // a random number, so that nobody can aim at the flow table
};

struct SensorCounts {
  std::uint64_t frames = 0;
  std::uint64_t bytes = 0;                                   // on the wire
  std::array<std::uint64_t, kUndecodedReasons> by_reason{};  // by Undecoded; [0]: decoded
  std::uint64_t names_refused = 0;                           // servers' names past the limit
  std::uint64_t streams_with_holes = 0;
  std::uint32_t first = 0;
  std::uint32_t last = 0;
};

class Sensor {
 public:
  explicit Sensor(const SensorOptions& options);
  Sensor(const Sensor&) = delete;
  Sensor& operator=(const Sensor&) = delete;

  void take(const Record& record);
  // Adds what is under way. Nothing may be taken after it.
  void finish();

  [[nodiscard]] const SensorOptions& options() const { return options_; }
  [[nodiscard]] const SensorCounts& counts() const { return counts_; }
  [[nodiscard]] const Conversations& conversations() const { return conversations_; }
  [[nodiscard]] const Findings& findings() const { return findings_; }
  [[nodiscard]] const Fragments& fragments() const { return decoder_.fragments(); }
  [[nodiscard]] std::uint64_t flow_evictions() const { return flows_.evictions(); }
  [[nodiscard]] std::uint64_t stream_evictions() const { return streams_.evictions(); }
  // Of the numbers in flows; empty for 0.
  [[nodiscard]] const std::string& name(std::uint32_t number) const { return names_[number]; }
  [[nodiscard]] static std::string_view service_name(std::uint8_t service);

 private:
  void note_neighbour(const Packet& packet);
  void begin(const Packet& packet, Side sender, Flow* flow);
  void leave(Flow& flow);
  void leave_host(const Flow& flow, Side side);
  void check_addresses(const Flow& flow);

  // TCP
  void look_at_segment(const Packet& packet, Side sender, Flow* flow);
  bool open_stream(const Packet& packet, Flow* flow);
  void look(Flow* flow, Stream& stream, bool is_last);
  bool look_one_way(Flow* flow, const Exchange& exchange, std::uint32_t* candidates,
                    bool is_turned);
  bool look_under_tls(Flow* flow, const Exchange& exchange, const Recognised& found);
  void settle(Flow* flow, const Recognised& found);
  void look_at_request(const Packet& packet, Flow* flow);
  void end_stream(Flow* flow);
  // TCP whose protocol is known, read on
  bool begin_to_read_on(Flow* flow, Stream& stream);
  bool read_on_in_request(std::uint32_t sequence, Bytes request, Flow* flow);
  void read_on(std::uint32_t sequence, Bytes data, Flow* flow);
  void read_commands(Flow* flow, Stream& stream);

  // UDP
  void look_at_datagram(const Packet& packet, Side sender, Flow* flow);
  void note_dns(const DnsMessage& message, Side sender, Flow* flow);
  void note_dns_stream(Flow* flow, const Exchange& exchange);

  void note_secret(const Recognised& found, const Flow& flow);
  void check_name(const std::string& name, Sign sign, const Flow& flow);
  std::uint32_t number_of(const std::string& name);

  SensorOptions options_;
  SensorCounts counts_;
  Decoder decoder_;
  FlowTable flows_;
  StreamPool streams_;
  Conversations conversations_;
  Findings findings_;
  std::vector<std::string> names_;
  std::unordered_map<std::string, std::uint32_t> numbers_;
  DnsMessage dns_;  // re-used
  std::uint32_t now_ = 0;
};

}  // namespace assay::agent::sensor
