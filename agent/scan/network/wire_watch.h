// What crosses the wire, watched by assay-scanner while a resident agent sleeps between its scans.
//
// The sensor is ended, heard and started again by a scan, so that nothing passes unseen but in the
// moment between. What it says is hostile input. Used by one thread.
#pragma once

#include <array>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "agent/scan/scan.h"
#include "agent/scanner/scanner_process.h"
#include "agent/settings/sensor_settings.h"
#include "evidence/timestamp.h"

namespace assay::agent {

inline constexpr std::array<std::string_view, 6> kWireTables{
    "blocklist_hits", "observed_capture", "observed_cleartext",
    "observed_dns",   "observed_flows",   "observed_hosts"};
// The one that a probe fills, with nothing, where there is no sensor.
inline constexpr std::string_view kCaptureTable = "observed_capture";

inline constexpr std::string_view kBeginsToWatch =
    "the sensor has begun to watch, and is not heard yet";
inline constexpr std::string_view kWatchesElsewhere =
    "the sensor of the settings runs with the resident agent (run)";

class WireWatch {
 public:
  using Start = std::function<Result<RunningScanner>(const std::vector<std::string>& arguments)>;
  // Starts the program that lies beside this one; tests start another.
  WireWatch();
  explicit WireWatch(Start start) : start_(std::move(start)) {}

  struct Piece {
    std::vector<ScannedTable> tables;  // kWireTables, each ok or with the reason
    std::string loss;                  // why nothing was seen, in words; empty: something was
  };
  // For every scan. Sees to it that the sensor runs as the settings say. nullopt: its window is not
  // over (and nobody has `asked`), what it told last holds.
  [[nodiscard]] std::optional<Piece> look(const SensorSettings& settings, evidence::Seconds now,
                                          bool is_asked);

 private:
  [[nodiscard]] Status begin(evidence::Seconds now);
  [[nodiscard]] Result<std::vector<evidence::Table>> hear(Cost* cost);

  Start start_;
  SensorSettings settings_;
  std::optional<RunningScanner> running_;
  evidence::Seconds begun_{};
};

// The tables with this reason.
[[nodiscard]] std::vector<ScannedTable> not_watched(std::string_view why);

}  // namespace assay::agent
