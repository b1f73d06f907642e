#include "agent/settings/collector_settings.h"

#include <nlohmann/json.hpp>

#include "agent/settings/quantity.h"
#include "agent/state/disk.h"

namespace assay::agent {

namespace {
constexpr std::size_t kMaxFileBytes = 4096;
constexpr std::size_t kMaxShownBytes = 32;
constexpr const char* kOrigin = "collector";
}  // namespace

CollectorSettings within_bounds(std::int64_t scan_interval_seconds, std::string_view profile,
                                std::vector<std::string>* ignored) {
  CollectorSettings out;
  const std::chrono::seconds interval(scan_interval_seconds);
  if (interval >= kMinScanInterval && interval <= kMaxScanInterval)
    out.scan_interval = interval;
  else if (scan_interval_seconds != 0)
    ignored->push_back("the collector's scan interval of " + std::to_string(scan_interval_seconds) +
                       " s is out of bounds");
  if (profile == "server" || profile == "pc")
    out.profile = profile;
  else if (!profile.empty())
    ignored->push_back("the collector's profile \"" +
                       std::string(profile.substr(0, kMaxShownBytes)) + "\" is not known");
  return out;
}

std::string to_json(const CollectorSettings& settings) {
  nlohmann::ordered_json json = nlohmann::ordered_json::object();
  if (settings.scan_interval) json["scan_interval_seconds"] = settings.scan_interval->count();
  if (settings.profile) json["profile"] = *settings.profile;
  json["configuration_digest"] = settings.configuration_digest;
  return json.dump() + "\n";
}

CollectorSettings read_collector_settings(const StateFolder& state) {
  const auto text = read_state_file(state.collector_settings(), kMaxFileBytes);
  if (!text) return {};
  const auto json = nlohmann::json::parse(*text, nullptr, false);
  if (!json.is_object()) return {};
  const auto interval = json.find("scan_interval_seconds");
  const auto profile = json.find("profile");
  const auto digest = json.find("configuration_digest");
  std::vector<std::string> ignored;  // the courier has reported them already
  auto out = within_bounds(
      interval != json.end() && interval->is_number_integer() ? interval->get<std::int64_t>() : 0,
      profile != json.end() && profile->is_string() ? profile->get<std::string>() : "", &ignored);
  if (digest != json.end() && digest->is_string())
    if (const auto known = evidence::Digest::from_hex(digest->get<std::string>()))
      out.configuration_digest = known->hex();
  return out;
}

void apply(const CollectorSettings& wish, Settings* settings) {
  if (wish.scan_interval && !settings->origins.contains("scan.interval")) {
    settings->scan.interval = *wish.scan_interval;
    settings->origins["scan.interval"] = kOrigin;
    settings->scan.splay = std::min(settings->scan.splay, settings->scan.interval / 2);
  }
  if (wish.profile && !settings->origins.contains("profile")) {
    settings->profile = *wish.profile;
    settings->origins["profile"] = kOrigin;
  }
}

}  // namespace assay::agent
