#include "agent/probes/linux/updates/rpm/rpm_upgrade_policy.h"

#include <algorithm>

#include "checks/engine/rpm_version.h"

namespace assay::agent {
namespace {

constexpr std::string_view kNoArch = "noarch";
constexpr std::string_view kKeys = "gpg-pubkey";

bool is_updated_by(std::string_view installed, std::string_view offered) {
  return installed == offered || installed == kNoArch || offered == kNoArch;
}

// "nodejs:18" of "nodejs:18:8060020220523160029:ad008a3a".
std::string_view stream_of(std::string_view label) {
  const auto name = label.find(':');
  if (name == std::string_view::npos) return {};
  return label.substr(0, label.find(':', name + 1));
}

// Builds for modules carry that in their release: 1.module+el8.9.0+19519+e25b965a.
bool is_of_module(std::string_view version) {
  return version.find(".module") != std::string_view::npos;
}

bool is_newer(std::string_view a, std::string_view b) {
  return checks::rpm_compare(a, b) > 0;
}

}  // namespace

std::string rpm_version_of(const RpmHeader& header) {
  return rpm_version_text(header.epoch ? std::to_string(*header.epoch) : std::string(),
                          header.version, header.release);
}

RpmUpgradePolicy::RpmUpgradePolicy(const std::vector<RpmHeader>& installed) {
  for (const auto& header : installed) {
    if (header.name == kKeys) continue;
    auto& of_name = by_name_[header.name].installed;
    auto version = rpm_version_of(header);
    const auto same = std::ranges::find_if(
        of_name, [&](const Installed& other) { return other.header->arch == header.arch; });
    if (same == of_name.end()) {
      of_name.push_back({.header = &header, .version = std::move(version)});
    } else if (is_newer(version, same->version)) {
      same->header = &header;
      same->version = std::move(version);
    }
  }
}

void RpmUpgradePolicy::advise(const AdvisedRpm& advised) {
  const auto found = by_name_.find(advised.name);
  if (found == by_name_.end() || (!advised.is_security && advised.module.empty())) return;
  auto& named = found->second;
  const bool is_of_interest = std::ranges::any_of(named.installed, [&](const Installed& one) {
    return is_updated_by(one.header->arch, advised.arch) && is_newer(advised.version, one.version);
  });
  if (!is_of_interest) return;
  if (named.advised.size() == kMaxAdvisedPerName) {
    has_too_many_advisories_ = true;
    return;
  }
  named.advised.push_back({.arch = advised.arch,
                           .version = advised.version,
                           .advisory = advised.advisory,
                           .module = advised.module,
                           .is_security = advised.is_security});
}

// dnf offers of a module only packages of the stream that is in use.
bool RpmUpgradePolicy::is_in_stream(const Named& named, const Installed& installed,
                                    const OfferedRpm& offered) {
  const auto stream = stream_of(installed.header->module);
  // The module's packages hide others of their names.
  if (!is_of_module(offered.version)) return stream.empty();
  if (stream.empty()) return false;
  bool is_known = false;
  for (const auto& advised : named.advised) {
    if (advised.module.empty() || checks::rpm_compare(advised.version, offered.version) != 0)
      continue;
    if (advised.module == stream) return true;
    is_known = true;
  }
  if (!is_known) unclear_modules_.emplace(stream);
  return false;
}

void RpmUpgradePolicy::offer(const OfferedRpm& offered, std::size_t repository,
                             std::int64_t priority, bool is_held) {
  const auto found = by_name_.find(offered.name);
  if (found == by_name_.end() || offered.arch == "src" || offered.arch == "nosrc") return;
  for (auto& installed : found->second.installed) {
    if (!is_updated_by(installed.header->arch, offered.arch)) continue;
    // An older one of a better priority keeps newer ones away.
    if (is_newer(offered.version, installed.version) &&
        !is_in_stream(found->second, installed, offered))
      continue;
    auto& best = is_held ? installed.best_held : installed.best;
    if (!best || priority < best->priority ||
        (priority == best->priority && is_newer(offered.version, best->version)))
      best = Offer{offered.version, repository, priority};
  }
}

bool RpmUpgradePolicy::is_update(const std::optional<Offer>& offer, const Named& named,
                                 const Installed& of) {
  return offer && std::ranges::all_of(named.installed, [&](const Installed& other) {
           return !is_updated_by(other.header->arch, of.header->arch) ||
                  is_newer(offer->version, other.version);
         });
}

void RpmUpgradePolicy::add_advisories(const Named& named, const Installed& of,
                                      RpmUpgrade& upgrade) {
  const auto stream = stream_of(of.header->module);
  for (const auto& advised : named.advised) {
    if (!advised.is_security || !is_updated_by(of.header->arch, advised.arch)) continue;
    if (!advised.module.empty() && advised.module != stream) continue;
    if (is_newer(advised.version, of.version) && !is_newer(advised.version, upgrade.version))
      upgrade.advisories.insert(advised.advisory);
  }
}

std::vector<RpmUpgrade> RpmUpgradePolicy::upgrades() const {
  std::vector<RpmUpgrade> found;
  for (const auto& [name, named] : by_name_) {
    for (const auto& installed : named.installed) {
      const bool is_free = is_update(installed.best, named, installed);
      if (!is_free && !is_update(installed.best_held, named, installed)) continue;
      const auto& offer = is_free ? *installed.best : *installed.best_held;
      RpmUpgrade upgrade{.installed = installed.header,
                         .version = offer.version,
                         .repository = offer.repository,
                         .is_held = !is_free,
                         .advisories = {}};
      add_advisories(named, installed, upgrade);
      found.push_back(std::move(upgrade));
    }
  }
  return found;
}

}  // namespace assay::agent
