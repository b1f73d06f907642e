#include "agent/probes/linux/updates/apt/upgrade_policy.h"

#include "checks/engine/versions.h"

namespace assay::agent {
namespace {

constexpr int kInstalledPriority = 100;
constexpr int kNormalPriority = 500;
constexpr int kNotAutomaticPriority = 1;
constexpr int kAutomaticUpgradesPriority = 100;
constexpr int kDowngradePriority = 1000;

PinTarget target_of(const PackageLists& lists, std::size_t list) {
  const auto& one = lists.lists[list];
  return {lists.releases[one.release], one.site, one.component};
}

int default_priority(const AptRelease& release) {
  if (!release.is_not_automatic) return kNormalPriority;
  return release.has_automatic_upgrades ? kAutomaticUpgradesPriority : kNotAutomaticPriority;
}

// "gcc-12" of "gcc-12 (12.2.0-14)".
std::string_view source_name(const DpkgPackage& package) {
  if (package.source.empty()) return package.name;
  return package.source.substr(0, package.source.find(' '));
}

}  // namespace

bool is_present(const DpkgPackage& package) {
  for (const std::string_view state :
       {" installed", " unpacked", " half-configured", " triggers-awaited", " triggers-pending"})
    if (package.status.ends_with(state)) return !package.version.empty();
  return false;
}

bool is_held(const DpkgPackage& package) {
  return package.status.starts_with("hold ");
}

UpgradePolicy::UpgradePolicy(const std::vector<DpkgPackage>& packages, const PackageLists& lists,
                             const std::vector<AptPin>& pins, std::string_view native)
    : lists_(lists), pins_(pins), native_(native) {
  by_name_.reserve(packages.size());
  for (const auto& package : packages)
    if (is_present(package)) by_name_.emplace(package.name, Installed{&package, {}});
  for (std::size_t i = 0; i < lists.lists.size(); ++i) {
    int priority = default_priority(lists.releases[lists.lists[i].release]);
    for (const auto& pin : pins)
      if (pin.is_general() && pin.matches(target_of(lists, i))) {
        priority = pin.priority;
        break;
      }
    list_priorities_.push_back(priority);
  }
}

// A pin that names the package goes before the general ones.
int UpgradePolicy::priority_of(const Installed& installed, std::string_view version,
                               std::size_t list) const {
  for (const auto& pin : pins_) {
    if (pin.is_general() || !pin.names(installed.package->name, source_name(*installed.package)))
      continue;
    const bool is_meant = pin.kind == AptPin::Kind::kVersion ? pin.matches_version(version)
                                                             : pin.matches(target_of(lists_, list));
    if (is_meant) return pin.priority;
  }
  return list_priorities_[list];
}

void UpgradePolicy::offer(const ListedPackage& listed, std::size_t list) {
  const auto [first, last] = by_name_.equal_range(listed.name);
  for (auto at = first; at != last; ++at) {
    auto& installed = at->second;
    if (effective_arch(installed.package->arch) != effective_arch(listed.arch)) continue;
    const int priority = priority_of(installed, listed.version, list);
    const bool is_older = checks::dpkg_compare(listed.version, installed.package->version) < 0;
    if (is_older && priority < kDowngradePriority) continue;
    const bool is_from_security =
        is_security_release(lists_.releases[lists_.lists[list].release]).value_or(false);
    auto same = std::ranges::find(installed.offers, listed.version, &OfferedVersion::version);
    if (same == installed.offers.end()) {
      installed.offers.push_back(
          {listed.version, priority, list, is_from_security, listed.phased_percent});
    } else {
      same->is_from_security |= is_from_security;
      if (priority > same->priority) {
        same->priority = priority;
        same->list = list;
      }
    }
  }
}

int UpgradePolicy::installed_priority(const Installed& installed) const {
  const auto& package = *installed.package;
  for (const auto& pin : pins_)
    if (!pin.is_general() && pin.matches_version(package.version) &&
        pin.names(package.name, source_name(package)))
      return pin.priority;
  int priority = kInstalledPriority;
  for (const auto& offer : installed.offers)
    if (offer.version == package.version) priority = std::max(offer.priority, priority);
  return priority;
}

std::vector<Upgrade> UpgradePolicy::upgrades() const {
  std::vector<Upgrade> found;
  for (const auto& [name, installed] : by_name_) {
    const auto& version = installed.package->version;
    const OfferedVersion* best = nullptr;
    for (const auto& offer : installed.offers) {
      if (offer.priority <= 0 || offer.version == version) continue;
      if (best == nullptr || offer.priority > best->priority ||
          (offer.priority == best->priority &&
           checks::dpkg_compare(offer.version, best->version) > 0))
        best = &offer;
    }
    if (best == nullptr || best->priority < installed_priority(installed) ||
        checks::dpkg_compare(best->version, version) <= 0)
      continue;
    const bool is_security = std::ranges::any_of(installed.offers, [&](const auto& offer) {
      return offer.is_from_security && checks::dpkg_compare(offer.version, version) > 0 &&
             checks::dpkg_compare(offer.version, best->version) <= 0;
    });
    found.push_back({installed.package, best, is_security});
  }
  return found;
}

}  // namespace assay::agent
