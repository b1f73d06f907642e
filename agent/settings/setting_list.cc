#include "agent/settings/setting_list.h"

#include <algorithm>
#include <array>

#include "agent/settings/quantity.h"
#include "agent/settings/sweep_words.h"

namespace assay::agent {

namespace {

Status set_folder(std::string& folder, const std::string& word) {
  if (!word.starts_with('/')) return fail(Code::kConfiguration, "a path from / is expected here");
  folder = word;
  return {};
}

Status set_address(Settings& settings, const std::string& word) {
  const auto colon = word.rfind(':');
  const auto port = colon == std::string::npos ? fail(Code::kConfiguration, "")
                                               : bytes_from(word.substr(colon + 1));
  if (colon == 0 || !port || *port < 1 || *port > 65535)
    return fail(Code::kConfiguration, "HOST:PORT is expected here, not \"" + word + "\"");
  settings.collector.address = word;
  return {};
}

Status set_profile(Settings& settings, const std::string& word) {
  if (word != "server" && word != "pc")
    return fail(Code::kConfiguration, "\"" + word + "\" is not a profile; write server or pc");
  settings.profile = word;
  return {};
}

Status set_interval(Settings& settings, const std::string& word) {
  const auto interval = duration_from(word);
  if (!interval) return fail(interval.error());
  if (*interval < kMinScanInterval || *interval > kMaxScanInterval)
    return fail(Code::kConfiguration, "between " + to_text(kMinScanInterval) + " and " +
                                          to_text(kMaxScanInterval) + " is expected here");
  settings.scan.interval = *interval;
  return {};
}

Status set_splay(Settings& settings, const std::string& word) {
  const auto splay = duration_from(word);
  if (!splay) return fail(splay.error());
  if (*splay > kMaxScanInterval / 2)
    return fail(Code::kConfiguration, "at most half of the scan interval");
  settings.scan.splay = *splay;
  return {};
}

Status set_walk_interval(Settings& settings, const std::string& word) {
  const auto interval = duration_from(word);
  if (!interval) return fail(interval.error());
  if (*interval < kMinWalkInterval || *interval > kMaxWalkInterval)
    return fail(Code::kConfiguration, "between " + to_text(kMinWalkInterval) + " and " +
                                          to_text(kMaxWalkInterval) + " is expected here");
  settings.scan.walk_interval = *interval;
  return {};
}

Status set_spool_bytes(Settings& settings, const std::string& word) {
  const auto bytes = bytes_from(word);
  if (!bytes) return fail(bytes.error());
  if (*bytes < kMinSpoolBytes)
    return fail(Code::kConfiguration, "at least " + bytes_to_text(kMinSpoolBytes));
  settings.spool.max_bytes = *bytes;
  return {};
}

Status set_use(NetworkUse& use, const std::string& word) {
  const auto read = network_use_from(word);
  if (!read) return fail(read.error());
  use = *read;
  return {};
}

Status set_communities(Settings& settings, const std::string& word) {
  if (word != "true" && word != "false")
    return fail(Code::kConfiguration,
                "\"" + word + "\" is not understood; write true or false");
  settings.network.asks_communities = word == "true";
  return {};
}

// Values as one word, taken apart.
std::vector<std::string> parts_of(const std::string& word, char separator) {
  std::vector<std::string> out;
  for (std::size_t at = 0; at < word.size();) {
    const auto end = std::min(word.find(separator, at), word.size());
    out.push_back(word.substr(at, end - at));
    at = end + 1;
  }
  return out;
}

std::string joined(const std::vector<std::string>& parts, char separator) {
  std::string out;
  for (const auto& part : parts) {
    if (!out.empty()) out.push_back(separator);
    out += part;
  }
  return out;
}

// Targets as one word: separated by commas.
Status set_targets(Settings& settings, const std::string& word) {
  settings.network.targets.clear();
  for (const auto& part : parts_of(word, ',')) {
    const auto target = network_target_from(part);
    if (!target) return fail(target.error());
    if (settings.network.targets.size() == kMaxNetworkEndpoints)
      return fail(Code::kConfiguration, "more than " + std::to_string(kMaxNetworkEndpoints));
    settings.network.targets.push_back(*target);
  }
  return {};
}

std::string targets(const Settings& settings) {
  std::string out;
  for (const auto& target : settings.network.targets)
    out.append(out.empty() ? "" : ",") += to_text(target);
  return out;
}

Status set_network_interval(Settings& settings, const std::string& word) {
  const auto interval = duration_from(word);
  if (!interval) return fail(interval.error());
  if (*interval < kMinNetworkInterval || *interval > kMaxNetworkInterval)
    return fail(Code::kConfiguration, "between " + to_text(kMinNetworkInterval) + " and " +
                                          to_text(kMaxNetworkInterval) + " is expected here");
  settings.network.interval = *interval;
  return {};
}

Status set_max_endpoints(Settings& settings, const std::string& word) {
  const auto number = bytes_from(word);
  if (!number || *number < 1 || *number > kMaxNetworkEndpoints)
    return fail(Code::kConfiguration,
                "between 1 and " + std::to_string(kMaxNetworkEndpoints) + " is expected here");
  settings.network.max_endpoints = *number;
  return {};
}

Status set_time_limit(Settings& settings, const std::string& word) {
  const auto limit = duration_from(word);
  if (!limit) return fail(limit.error());
  if (*limit < kMinNetworkTime || *limit > kMaxNetworkTime)
    return fail(Code::kConfiguration, "between " + to_text(kMinNetworkTime) + " and " +
                                          to_text(kMaxNetworkTime) + " is expected here");
  settings.network.time_limit = *limit;
  return {};
}

// Paths as one word: separated by colons, as in PATH.
Status set_paths(std::vector<std::string>& paths, const std::string& word) {
  paths.clear();
  for (const auto& part : parts_of(word, ':')) {
    std::string path;
    if (auto done = set_folder(path, part); !done) return done;
    paths.push_back(std::move(path));
  }
  return {};
}

Status set_content_folders(Settings& settings, const std::string& word) {
  return set_paths(settings.content.folders, word);
}

std::string content_folders(const Settings& settings) {
  return joined(settings.content.folders, ':');
}

Status set_interface(Settings& settings, const std::string& word) {
  if (auto done = check_interface(word); !done) return done;
  settings.sensor.interface = word;
  return {};
}

Status set_window(Settings& settings, const std::string& word) {
  const auto window = duration_from(word);
  if (!window) return fail(window.error());
  if (*window < kMinSensorWindow || *window > kMaxSensorWindow)
    return fail(Code::kConfiguration, "between " + to_text(kMinSensorWindow) + " and " +
                                          to_text(kMaxSensorWindow) + " is expected here");
  settings.sensor.window = *window;
  return {};
}

Status set_block_lists(Settings& settings, const std::string& word) {
  return set_paths(settings.sensor.block_lists, word);
}

Status set_own_networks(Settings& settings, const std::string& word) {
  settings.sensor.own_networks = parts_of(word, ',');
  for (const auto& network : settings.sensor.own_networks)
    if (auto done = check_network(network); !done) return done;
  return {};
}

// Words that go to another program, and into YAML, as they are.
Status set_text(std::string& text, const std::string& word) {
  constexpr std::size_t kMaxBytes = 1'000;
  const bool is_plain = word.size() <= kMaxBytes && std::ranges::all_of(word, [](unsigned char c) {
                          return c >= ' ' && c != 0x7F && c != '"' && c != '\\';
                        });
  if (!is_plain)
    return fail(Code::kConfiguration,
                "a line without quotation marks and backslashes is expected here");
  text = word;
  return {};
}

const std::array kSettings{
    Setting{"", "state_dir",
            [](Settings& to, const std::string& word) { return set_folder(to.state_dir, word); },
            [](const Settings& from) { return from.state_dir; }},
    Setting{"", "profile", set_profile, [](const Settings& from) { return from.profile; }},
    Setting{"scan", "interval", set_interval,
            [](const Settings& from) { return to_text(from.scan.interval); }},
    Setting{"scan", "splay", set_splay,
            [](const Settings& from) { return to_text(from.scan.splay); }},
    Setting{"scan", "walk_interval", set_walk_interval,
            [](const Settings& from) { return to_text(from.scan.walk_interval); }},
    Setting{"collector", "address", set_address,
            [](const Settings& from) { return from.collector.address; }},
    Setting{"spool", "max_bytes", set_spool_bytes,
            [](const Settings& from) { return bytes_to_text(from.spool.max_bytes); }},
    Setting{"content", "folders", set_content_folders, content_folders, ':'},
    Setting{"network", "tls",
            [](Settings& to, const std::string& word) { return set_use(to.network.tls, word); },
            [](const Settings& from) { return std::string(name_of(from.network.tls)); }},
    Setting{
        "network", "services",
        [](Settings& to, const std::string& word) { return set_use(to.network.services, word); },
        [](const Settings& from) { return std::string(name_of(from.network.services)); }},
    Setting{"network", "snmp_communities", set_communities,
            [](const Settings& from) {
              return std::string(from.network.asks_communities ? "true" : "false");
            }},
    Setting{"network", "targets", set_targets, targets, ','},
    Setting{"network", "interval", set_network_interval,
            [](const Settings& from) { return to_text(from.network.interval); }},
    Setting{"network", "max_endpoints", set_max_endpoints,
            [](const Settings& from) { return std::to_string(from.network.max_endpoints); }},
    Setting{"network", "time_limit", set_time_limit,
            [](const Settings& from) { return to_text(from.network.time_limit); }},
    Setting{"sensor", "interface", set_interface,
            [](const Settings& from) { return from.sensor.interface; }},
    Setting{"sensor", "window", set_window,
            [](const Settings& from) { return to_text(from.sensor.window); }},
    Setting{"sensor", "block_lists", set_block_lists,
            [](const Settings& from) { return joined(from.sensor.block_lists, ':'); }, ':'},
    Setting{"sensor", "own_networks", set_own_networks,
            [](const Settings& from) { return joined(from.sensor.own_networks, ','); }, ','},
    Setting{"sensor", "working_hours",
            [](Settings& to, const std::string& word) {
              return set_text(to.sensor.working_hours, word);
            },
            [](const Settings& from) { return from.sensor.working_hours; }},
    Setting{"sensor", "filter",
            [](Settings& to, const std::string& word) { return set_text(to.sensor.filter, word); },
            [](const Settings& from) { return from.sensor.filter; }},
    Setting{
        "sweep", "scanner",
        [](Settings& to, const std::string& word) { return set_scanner(to.sweep, word); },
        [](const Settings& from) { return std::string(from.sweep.is_scanner ? "true" : "false"); }},
    Setting{
        "sweep", "ranges",
        [](Settings& to, const std::string& word) { return set_addresses(to.sweep.ranges, word); },
        [](const Settings& from) { return word_of(from.sweep.ranges); }, ','},
    Setting{
        "sweep", "exclude",
        [](Settings& to, const std::string& word) { return set_addresses(to.sweep.exclude, word); },
        [](const Settings& from) { return word_of(from.sweep.exclude); }, ','},
    Setting{"sweep", "ports",
            [](Settings& to, const std::string& word) { return set_ports(to.sweep.ports, word); },
            [](const Settings& from) { return to_text(from.sweep.ports); }, ','},
    Setting{"sweep", "neighbours",
            [](Settings& to, const std::string& word) {
              return set_addresses(to.sweep.neighbours, word);
            },
            [](const Settings& from) { return word_of(from.sweep.neighbours); }, ','},
    Setting{"sweep", "neighbour_ports",
            [](Settings& to, const std::string& word) {
              return set_ports(to.sweep.neighbour_ports, word);
            },
            [](const Settings& from) { return to_text(from.sweep.neighbour_ports); }, ','},
    Setting{"sweep", "rate",
            [](Settings& to, const std::string& word) { return set_rate(to.sweep, word); },
            [](const Settings& from) { return std::to_string(from.sweep.packets_per_second); }},
    Setting{"sweep", "window",
            [](Settings& to, const std::string& word) { return set_windows(to.sweep, word); },
            [](const Settings& from) { return from.sweep.window; }, ';'},
};

}  // namespace

std::string Setting::name() const {
  return section.empty() ? std::string(key) : std::string(section) + "." + std::string(key);
}

std::string Setting::variable() const {
  std::string out = "ASSAY_" + name();
  for (auto& c : out)
    c = c == '.' ? '_' : (c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c);
  return out;
}

std::span<const Setting> all_settings() {
  return kSettings;
}

}  // namespace assay::agent
