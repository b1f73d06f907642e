#include "agent/settings/settings.h"

#include <unistd.h>

#include <array>
#include <filesystem>

#include "agent/settings/setting_list.h"
#include "agent/settings/trusted_file.h"
#include "agent/state/disk.h"
#include "checks/yaml/strict_yaml.h"

namespace assay::agent {

namespace {

namespace yaml = checks::yaml;

constexpr std::string_view kSweepSection = "sweep";

std::string word_of(const yaml::Value& value, char separator) {
  if (!value.is_sequence()) return value.text();
  std::string out;
  for (const auto& part : value.texts()) {
    if (!out.empty()) out += separator;
    out += part;
  }
  return out;
}

void read_setting(const Setting& setting, const yaml::Value& value, Settings* into) {
  if (value.is_sequence() && setting.separator == 0)
    return value.complain("one value is expected here");
  if (auto done = setting.set(*into, word_of(value, setting.separator)); !done)
    return value.complain(setting.name() + ": " + done.error().message());
  into->origins[setting.name()] = value.file() + ":" + std::to_string(value.line());
}

void read_section(yaml::Mapping& mapping, std::string_view section, Settings* into) {
  for (const auto& setting : all_settings())
    if (setting.section == section)
      if (const auto value = mapping.optional(setting.key)) read_setting(setting, *value, into);
}

void read_document(const yaml::Value& document, Settings* into) {
  yaml::Mapping top(document);
  read_section(top, "", into);
  for (const std::string_view section :
       std::array<std::string_view, 7>{"scan", "collector", "spool", "content", "network", "sensor",
                                       kSweepSection})
    if (const auto value = top.optional(section)) {
      // A section whose lines were all commented out.
      if (value->is_null()) continue;
      yaml::Mapping mapping(*value);
      read_section(mapping, section, into);
    }
}

// Whoever may write the file decides whom this machine sends packets to.
void check_sweep_section(const yaml::Value& document, const std::string& path,
                         std::string_view text, const SettingsSources& sources,
                         yaml::Problems* problems) {
  if (!document.is_mapping()) return;
  std::optional<yaml::Value> section;
  {
    yaml::Mapping top(document);
    for (const auto& [key, value] : top.entries())
      if (key == kSweepSection) section = value;
  }
  if (!section || section->is_null()) return;
  const auto folder = std::filesystem::path(sources.file).parent_path();
  if (const auto trusted =
          check_trusted_file(path, text, (folder / kSweepTrust).string(), sources.trusted_owner);
      !trusted)
    problems->add(path, section->line(), "sweep: " + trusted.error().message());
}

Status read_file(const std::string& path, const SettingsSources& sources, Settings* into,
                 yaml::Problems* problems) {
  const auto text = read_state_file(path, yaml::kMaxFileBytes);
  if (!text) return fail(text.error());
  const auto document = yaml::parse(*text, path, problems);
  if (!document || document->is_null()) return {};
  read_document(*document, into);
  check_sweep_section(*document, path, *text, sources, problems);
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
  std::vector<const Setting*> settings;
  for (const auto& setting : all_settings()) {
    if (setting.section == kSweepSection) continue;  // from files alone
    known.push_back(setting.variable());
    settings.push_back(&setting);
  }
  const auto is_ours = [](const std::string& name) {
    return std::ranges::any_of(
        std::array{"ASSAY_SCAN_", "ASSAY_SPOOL_", "ASSAY_CONTENT_", "ASSAY_NETWORK_",
                   "ASSAY_SENSOR_", "ASSAY_SWEEP_"},
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
    const auto& setting = *settings[static_cast<std::size_t>(found - known.begin())];
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
    if (auto done = read_file(file, sources, &out, &problems); !done) return fail(done.error());
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
  for (const auto& setting : all_settings()) out.emplace(setting.name(), setting.get(settings));
  return out;
}

std::string to_yaml(const Settings& settings) {
  std::string out;
  std::string_view section;
  for (const auto& setting : all_settings()) {
    if (setting.section != section) out.append(section = setting.section).append(":\n");
    const auto word = setting.get(settings);
    const auto origin = settings.origins.find(setting.name());
    if (!setting.section.empty()) out.append("  ");
    // What nobody set cannot be written as a value: an address, an interface.
    const bool is_list = setting.separator != 0;
    if (word.empty() && !is_list) out.append("# ");
    out.append(setting.key).append(": ");
    const std::string nothing = is_list ? "[]" : setting.key == "address" ? "HOST:PORT" : "\"\"";
    out.append(word.empty() ? nothing : "\"" + word + "\"");
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
