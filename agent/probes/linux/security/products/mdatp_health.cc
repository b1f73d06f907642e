#include "agent/probes/linux/security/products/mdatp_health.h"

#include <nlohmann/json.hpp>

#include "agent/probes/linux/text/dates.h"

namespace assay::agent {
namespace {

using Json = nlohmann::json;

constexpr std::size_t kMaxTextBytes = 256;

Json parsed(std::string_view text) {
  return Json::parse(text.begin(), text.end(), nullptr, false);
}

// The member, or its own "value"; nullptr when there is none.
const Json* member(const Json& object, const char* name) {
  if (!object.is_object()) return nullptr;
  const auto found = object.find(name);
  if (found == object.end()) return nullptr;
  if (!found->is_object()) return &*found;
  const auto value = found->find("value");
  return value == found->end() ? nullptr : &*value;
}

std::string text_of(const Json& object, const char* name) {
  const auto* value = member(object, name);
  if (value == nullptr || !value->is_string()) return {};
  const auto& text = value->get_ref<const std::string&>();
  return text.size() > kMaxTextBytes ? std::string() : text;
}

std::optional<bool> flag_of(const Json& object, const char* name) {
  const auto* value = member(object, name);
  if (value == nullptr) return std::nullopt;
  if (value->is_boolean()) return value->get<bool>();
  if (value->is_string()) {
    const auto& text = value->get_ref<const std::string&>();
    if (text == "true" || text == "enabled") return true;
    if (text == "false" || text == "disabled") return false;
  }
  return std::nullopt;
}

// "Nov 20, 2026 at 12:27:36 PM"
std::optional<std::string> date_in_words(std::string_view text) {
  const auto comma = text.find(", ");
  if (comma == std::string_view::npos || comma < 5 || comma > 6 || text.size() < comma + 6)
    return std::nullopt;
  return iso_date(text.substr(comma + 2, 4), month_number(text.substr(0, 3)),
                  text.substr(4, comma - 4));
}

std::string date_of(const Json& object, const char* name) {
  const auto* value = member(object, name);
  if (value == nullptr) return {};
  if (value->is_number_integer())
    return date_of_milliseconds(value->get<std::int64_t>()).value_or("");
  if (!value->is_string()) return {};
  const std::string_view text = value->get_ref<const std::string&>();
  if (const auto number = decimal(text)) return date_of_milliseconds(*number).value_or("");
  if (auto date = date_in_words(text)) return *date;
  return date_within(text.substr(0, kMaxTextBytes)).value_or("");
}

std::string without_quotes(std::string text) {
  std::erase(text, '"');
  return text;
}

}  // namespace

Result<MdatpHealth> parse_mdatp_health(std::string_view text) {
  const auto json = parsed(text);
  if (!json.is_object()) return fail(Code::kInvalidData, "no JSON object");
  MdatpHealth health;
  health.real_time = flag_of(json, "realTimeProtectionEnabled");
  health.passive = flag_of(json, "passiveModeEnabled");
  health.version = text_of(json, "appVersion");
  health.definitions_version = text_of(json, "definitionsVersion");
  health.definitions_date = date_of(json, "definitionsUpdated");
  health.organisation = without_quotes(text_of(json, "orgId"));
  return health;
}

Result<std::string> parse_mdatp_scans(std::string_view text) {
  const auto json = parsed(text);
  if (!json.is_array()) return fail(Code::kInvalidData, "no JSON array");
  std::string latest;
  for (const auto& scan : json) {
    if (text_of(scan, "type") != "full" || text_of(scan, "state") != "succeeded") continue;
    latest = std::max(latest, date_of(scan, "endTime"));
  }
  return latest;
}

Result<std::string> parse_mdatp_policy(std::string_view text) {
  const auto json = parsed(text);
  if (!json.is_object()) return fail(Code::kInvalidData, "no JSON object");
  const auto engine = json.find("antivirusEngine");
  if (engine == json.end()) return std::string();
  return text_of(*engine, "enforcementLevel");
}

}  // namespace assay::agent
