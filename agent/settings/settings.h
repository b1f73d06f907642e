// The agent's settings: /etc/assay/agent.yaml, then conf.d/*.yaml beside it in the order of
// their names (later wins), then the environment (ASSAY_SECTION_KEY). What nobody sets has a
// default; what a collector may set it sets only where these are silent.
//
//   state_dir: /var/lib/assay
//   profile: server                 # server, pc
//   scan: {interval: 1h, splay: 5m, walk_interval: 1d}
//   collector: {address: "assay.example.tw:7443"}
//   spool: {max_bytes: 512MiB}
//   content: {folders: [/etc/assay/content.d]}
//   network: {tls: auto, services: auto, targets: ["www.example.tw:443"]}   # network_settings.h
//   sensor: {interface: eth0, window: 1h}                    # sensor_settings.h
//   sweep: {scanner: true, ranges: [10.1.0.0/24], exclude: [10.1.0.9], rate: 500}
//
// The part `sweep` says whom this machine sends packets to. It comes from files alone, and only
// from such as trusted_file.h describes.
//
// An unknown setting, or a value that makes no sense, is an error with its place.
#pragma once

#include <sys/types.h>

#include <chrono>
#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "agent/network/sweep/plan/scope.h"
#include "agent/settings/network_settings.h"
#include "agent/settings/sensor_settings.h"
#include "evidence/digest.h"
#include "evidence/result.h"

namespace assay::agent {

// Same as LIMIT_SCAN_INTERVAL_* of proto/assay/v1/limits.proto (a test compares them).
inline constexpr std::chrono::seconds kMinScanInterval{300};
inline constexpr std::chrono::seconds kMaxScanInterval{604'800};
inline constexpr std::chrono::seconds kMinWalkInterval{3600};
inline constexpr std::chrono::seconds kMaxWalkInterval{604'800};
inline constexpr std::int64_t kMinSpoolBytes = std::int64_t{1} << 20;

struct Settings {
  std::string state_dir = "/var/lib/assay";
  std::string profile = "server";
  struct Scan {
    std::chrono::seconds interval{3600};
    // A scheduled scan starts up to this much later, at random, so that a fleet does not
    // report in one second. At most half of the interval.
    std::chrono::seconds splay{300};
    // Tables that cost a walk over all files are collected this often; scans between repeat the
    // last ones and say so.
    std::chrono::seconds walk_interval{86'400};
    bool operator==(const Scan&) const = default;
  } scan;
  struct Collector {
    std::string address;  // HOST:PORT; empty: the one of the enrollment
    bool operator==(const Collector&) const = default;
  } collector;
  struct Spool {
    std::int64_t max_bytes = std::int64_t{512} << 20;
    bool operator==(const Spool&) const = default;
  } spool;
  struct Content {
    std::vector<std::string> folders = {"/etc/assay/content.d"};
    bool operator==(const Content&) const = default;
  } content;
  NetworkSettings network;
  SensorSettings sensor;
  sweep::SweepSettings sweep;

  // Who set what: "scan.interval" → "/etc/assay/agent.yaml:4", "ASSAY_SCAN_INTERVAL" or
  // "collector". A setting that is not in here has its default.
  std::map<std::string, std::string> origins;
};

struct SettingsSources {
  std::string file = "/etc/assay/agent.yaml";  // conf.d/ is beside it
  bool must_exist = false;                     // it was named by hand
  std::map<std::string, std::string> environment;
  uid_t trusted_owner = 0;  // of files with a part `sweep`; tests are not root
};
// Of this process; only what begins with ASSAY_.
[[nodiscard]] std::map<std::string, std::string> assay_environment();

// All problems at once, one per line, each with file and line (kConfiguration, exit 78);
// kNotFound, kPermissionDenied: a file that must be there cannot be read.
[[nodiscard]] Result<Settings> load_settings(const SettingsSources& sources);

// `config dump`: YAML that load_settings() reads, each line with a comment that says where from.
[[nodiscard]] std::string to_yaml(const Settings& settings);
// The effective values by their dotted names, as text; the digest is over these and not over
// where they come from.
[[nodiscard]] std::map<std::string, std::string> values_of(const Settings& settings);
[[nodiscard]] evidence::Digest digest_of(const Settings& settings);

}  // namespace assay::agent
