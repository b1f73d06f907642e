#include "agent/settings/settings.h"

#include <unistd.h>

#include <array>
#include <filesystem>

#include "agent/settings/quantity.h"
#include "agent/state/disk.h"
#include "checks/yaml/strict_yaml.h"

namespace assay::agent {

namespace {

namespace yaml = checks::yaml;

// One setting: how it is read from a word, and written as one.
struct Setting {
  std::string_view section;  // empty: at the top
  std::string_view key;
  Status (*set)(Settings&, const std::string& word);
  std::string (*get)(const Settings&);

  [[nodiscard]] std::string name() const {
    return section.empty() ? std::string(key) : std::string(section) + "." + std::string(key);
  }
  [[nodiscard]] std::string variable() const {
    std::string out = "ASSAY_" + name();
    for (auto& c : out)
      c = c == '.' ? '_' : (c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c);
    return out;
  }
};

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

Status set_tls(Settings& settings, const std::string& word) {
  const auto use = network_use_from(word);
  if (!use) return fail(use.error());
  settings.network.tls = *use;
  return {};
}

// Targets as one word: separated by commas.
Status set_targets(Settings& settings, const std::string& word) {
  settings.network.targets.clear();
  for (std::size_t at = 0; at < word.size();) {
    const auto end = std::min(word.find(',', at), word.size());
    const auto target = network_target_from(std::string_view(word).substr(at, end - at));
    if (!target) return fail(target.error());
    if (settings.network.targets.size() == kMaxNetworkEndpoints)
      return fail(Code::kConfiguration, "more than " + std::to_string(kMaxNetworkEndpoints));
    settings.network.targets.push_back(*target);
    at = end + 1;
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

// Folders as one word: separated by colons, as in PATH.
Status set_content_folders(Settings& settings, const std::string& word) {
  settings.content.folders.clear();
  for (std::size_t at = 0; at < word.size();) {
    const auto end = std::min(word.find(':', at), word.size());
    std::string folder;
    if (auto done = set_folder(folder, word.substr(at, end - at)); !done) return done;
    settings.content.folders.push_back(std::move(folder));
    at = end + 1;
  }
  return {};
}

std::string content_folders(const Settings& settings) {
  std::string out;
  for (const auto& folder : settings.content.folders) out.append(out.empty() ? "" : ":") += folder;
  return out;
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
    Setting{"content", "folders", set_content_folders, content_folders},
    Setting{"network", "tls", set_tls,
            [](const Settings& from) { return std::string(name_of(from.network.tls)); }},
    Setting{"network", "targets", set_targets, targets},
    Setting{"network", "interval", set_network_interval,
            [](const Settings& from) { return to_text(from.network.interval); }},
    Setting{"network", "max_endpoints", set_max_endpoints,
            [](const Settings& from) { return std::to_string(from.network.max_endpoints); }},
    Setting{"network", "time_limit", set_time_limit,
            [](const Settings& from) { return to_text(from.network.time_limit); }},
};

// What separates the values of a list when they are one word; empty: it is no list.
std::string_view separator_of(const Setting& setting) {
  return setting.key == "folders" ? ":" : setting.key == "targets" ? "," : "";
}

std::string word_of(const Setting& setting, const yaml::Value& value) {
  if (!value.is_sequence()) return value.text();
  std::string out;
  for (const auto& one : value.texts())
    out.append(out.empty() ? std::string_view() : separator_of(setting)) += one;
  return out;
}

void read_setting(const Setting& setting, const yaml::Value& value, Settings* into) {
  if (value.is_sequence() && separator_of(setting).empty())
    return value.complain("one value is expected here");
  if (auto done = setting.set(*into, word_of(setting, value)); !done)
    return value.complain(setting.name() + ": " + done.error().message());
  into->origins[setting.name()] = value.file() + ":" + std::to_string(value.line());
}

void read_section(yaml::Mapping& mapping, std::string_view section, Settings* into) {
  for (const auto& setting : kSettings)
    if (setting.section == section)
      if (const auto value = mapping.optional(setting.key)) read_setting(setting, *value, into);
}

void read_document(const yaml::Value& document, Settings* into) {
  yaml::Mapping top(document);
  read_section(top, "", into);
  for (const std::string_view section : {"scan", "collector", "spool", "content", "network"})
    if (const auto value = top.optional(section)) {
      // A section whose lines were all commented out.
      if (value->is_null()) continue;
      yaml::Mapping mapping(*value);
      read_section(mapping, section, into);
    }
}

Status read_file(const std::string& path, Settings* into, yaml::Problems* problems) {
  const auto text = read_state_file(path, yaml::kMaxFileBytes);
  if (!text) return fail(text.error());
  const auto document = yaml::parse(*text, path, problems);
  if (document && !document->is_null()) read_document(*document, into);
  return {};
}

Result<std::vector<std::string>> files_of(const SettingsSources& sources) {
  std::vector<std::string> out;
  if (sources.must_exist || ::access(sources.file.c_str(), F_OK) == 0) out.push_back(sources.file);
  const auto folder = (std::filesystem::path(sources.file).parent_path() / "conf.d").string();
  const auto names = list_state_folder(folder);
  if (!names && names.error().code() != Code::kNotFound) return fail(names.error());
  if (names)
    for (const auto& name : *names)
      if (name.ends_with(".yaml")) out.push_back(folder + "/" + name);
  return out;
}

// A variable that begins like one of our sections is meant for us; a wrong one is told.
void read_environment(const std::map<std::string, std::string>& environment, Settings* into,
                      yaml::Problems* problems) {
  std::vector<std::string> known;
  for (const auto& setting : kSettings) known.push_back(setting.variable());
  const auto is_ours = [](const std::string& name) {
    return std::ranges::any_of(std::array{"ASSAY_SCAN_", "ASSAY_SPOOL_", "ASSAY_CONTENT_", "ASSAY_NETWORK_"},
                               [&name](const char* start) { return name.starts_with(start); });
  };
  for (const auto& [name, word] : environment) {
    const auto found = std::ranges::find(known, name);
    if (found == known.end()) {
      const auto likely = yaml::nearest(name, known);
      if (is_ours(name))
        problems->add(
            "environment", 1,
            "unknown setting " + name + (likely ? "; did you mean " + *likely + "?" : ""));
      continue;
    }
    const auto& setting = kSettings[static_cast<std::size_t>(found - known.begin())];
    if (auto done = setting.set(*into, word); !done)
      problems->add("environment", 1, name + ": " + done.error().message());
    else
      into->origins[setting.name()] = name;
  }
}

}  // namespace

std::map<std::string, std::string> assay_environment() {
  std::map<std::string, std::string> out;
  for (char** at = environ; at != nullptr && *at != nullptr; ++at) {
    const std::string_view entry(*at);
    const auto equals = entry.find('=');
    if (entry.starts_with("ASSAY_") && equals != std::string_view::npos)
      out.emplace(entry.substr(0, equals), entry.substr(equals + 1));
  }
  return out;
}

Result<Settings> load_settings(const SettingsSources& sources) {
  Settings out;
  yaml::Problems problems;
  const auto files = files_of(sources);
  if (!files) return fail(files.error());
  for (const auto& file : *files)
    if (auto done = read_file(file, &out, &problems); !done) return fail(done.error());
  read_environment(sources.environment, &out, &problems);
  if (out.scan.splay > out.scan.interval / 2) {
    // The default gives way to a short interval; a figure that somebody wrote does not.
    if (const auto origin = out.origins.find("scan.splay"); origin != out.origins.end()) {
      const auto colon = std::min(origin->second.rfind(':'), origin->second.size());
      const auto line =
          colon < origin->second.size() ? std::stoi(origin->second.substr(colon + 1)) : 1;
      problems.add(origin->second.substr(0, colon), line,
                   "scan.splay: at most half of scan.interval");
    }
    out.scan.splay = out.scan.interval / 2;
  }
  if (!problems.empty()) return fail(problems.to_error());
  return out;
}

std::map<std::string, std::string> values_of(const Settings& settings) {
  std::map<std::string, std::string> out;
  for (const auto& setting : kSettings) out.emplace(setting.name(), setting.get(settings));
  return out;
}

std::string to_yaml(const Settings& settings) {
  std::string out;
  std::string_view section;
  for (const auto& setting : kSettings) {
    if (setting.section != section) out.append(section = setting.section).append(":\n");
    const auto word = setting.get(settings);
    const auto origin = settings.origins.find(setting.name());
    if (!setting.section.empty()) out.append("  ");
    // An address that nobody set cannot be written as one.
    const bool is_list = !separator_of(setting).empty();
    if (word.empty() && !is_list) out.append("# ");
    out.append(setting.key).append(": ");
    out.append(word.empty() ? (is_list ? "[]" : "HOST:PORT") : "\"" + word + "\"");
    out.append("  # ").append(origin == settings.origins.end() ? "default" : origin->second);
    out.push_back('\n');
  }
  return out;
}

evidence::Digest digest_of(const Settings& settings) {
  std::string text;
  for (const auto& [name, value] : values_of(settings))
    text.append(name).append("=").append(value).append("\n");
  return evidence::sha256(text);
}

}  // namespace assay::agent
