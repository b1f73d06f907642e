#include "checks/engine/content.h"

#include <algorithm>
#include <array>
#include <chrono>

#include "evidence/timestamp.h"

namespace assay::checks {

namespace {

constexpr std::array<std::string_view, 5> kSeverities = {"info", "low", "medium", "high",
                                                         "critical"};
constexpr std::array<std::string_view, 3> kProves = {"supporting", "partial", "full"};
constexpr std::array<std::string_view, 3> kModes = {"automated", "partial", "manual"};

}  // namespace

std::string_view name_of(Severity severity) {
  return kSeverities[static_cast<std::size_t>(severity)];
}

std::optional<Severity> severity_from(std::string_view name) {
  const auto found = std::ranges::find(kSeverities, name);
  if (found == kSeverities.end()) return std::nullopt;
  return static_cast<Severity>(found - kSeverities.begin());
}

std::string_view name_of(Proves proves) {
  return kProves[static_cast<std::size_t>(proves)];
}
std::string_view name_of(Control::Mode mode) {
  return kModes[static_cast<std::size_t>(mode)];
}

std::string reason_against(const ReferenceTable& table, std::string_view today) {
  if (!table.unavailable.empty()) return table.unavailable;
  if (table.max_age_days == 0) return {};
  const auto day = evidence::from_date(today);
  const auto retrieved = evidence::from_date(table.retrieved);
  if (!day || !retrieved) return "the day of the data is not known";
  if (*day - *retrieved <= std::chrono::days(table.max_age_days)) return {};
  // No word that changes from day to day: a verdict is the same as long as its reason is.
  return "the data is of " + table.retrieved + ", too old to judge by after " +
         std::to_string(table.max_age_days) + " days; load newer content";
}

const Control* Framework::find(std::string_view control) const {
  const auto found = std::ranges::find(controls, control, &Control::id);
  return found == controls.end() ? nullptr : &*found;
}

const std::string& Framework::effective_of(const Control& control) const {
  return control.effective.empty() ? effective : control.effective;
}

const Check* Content::check(std::string_view id) const {
  const auto found = std::ranges::lower_bound(checks, id, {}, &Check::id);
  return found != checks.end() && found->id == id ? &*found : nullptr;
}

const Framework* Content::framework(std::string_view id) const {
  const auto found = std::ranges::find(frameworks, id, &Framework::id);
  return found == frameworks.end() ? nullptr : &*found;
}

ParameterValue Content::parameter(const Framework* framework, std::string_view profile,
                                  std::string_view name) const {
  if (framework != nullptr) {
    if (const auto of_profile = framework->parameters.find(std::string(profile));
        of_profile != framework->parameters.end())
      if (const auto own = of_profile->second.find(std::string(name));
          own != of_profile->second.end())
        return own->second;
  }
  const auto spec = std::ranges::find(parameters, name, &ParameterSpec::name);
  if (spec == parameters.end()) return {};
  const auto value = spec->defaults.find(std::string(profile));
  return {value == spec->defaults.end() ? evidence::kNull : value->second, spec->source};
}

}  // namespace assay::checks
