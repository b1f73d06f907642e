// Which version of an installed package apt would choose, by apt_preferences(5).
#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "agent/probes/linux/software/dpkg_status.h"
#include "agent/probes/linux/updates/apt/package_lists.h"
#include "agent/probes/linux/updates/apt/packages_list.h"
#include "agent/probes/linux/updates/apt/preferences.h"

namespace assay::agent {

// A version that some list offers.
struct OfferedVersion {
  std::string version;
  int priority = 0;
  std::size_t list = 0;  // the one with the highest priority
  bool is_from_security = false;
  std::optional<std::int64_t> phased_percent;
};

struct Upgrade {
  const DpkgPackage* installed = nullptr;
  const OfferedVersion* offered = nullptr;
  // Some version behind the installed one, up to the offered one, came as a security update.
  bool is_security = false;
};

class UpgradePolicy {
 public:
  // All must outlive this. `native`: the system's own architecture.
  UpgradePolicy(const std::vector<DpkgPackage>& packages, const PackageLists& lists,
                const std::vector<AptPin>& pins, std::string_view native);

  [[nodiscard]] bool is_installed(std::string_view name) const { return by_name_.contains(name); }
  // What list number `list` offers.
  void offer(const ListedPackage& listed, std::size_t list);
  [[nodiscard]] std::vector<Upgrade> upgrades() const;

 private:
  struct Installed {
    const DpkgPackage* package = nullptr;
    std::vector<OfferedVersion> offers;  // not older than what is installed
  };

  [[nodiscard]] int priority_of(const Installed& installed, std::string_view version,
                                std::size_t list) const;
  // Of the version that is installed, which no list need offer any more.
  [[nodiscard]] int installed_priority(const Installed& installed) const;
  [[nodiscard]] std::string_view effective_arch(std::string_view arch) const {
    return arch == "all" ? native_ : arch;
  }

  const PackageLists& lists_;
  const std::vector<AptPin>& pins_;
  std::string_view native_;
  std::vector<int> list_priorities_;
  std::unordered_multimap<std::string_view, Installed> by_name_;
};

[[nodiscard]] bool is_present(const DpkgPackage& package);  // unpacked at least
[[nodiscard]] bool is_held(const DpkgPackage& package);

}  // namespace assay::agent
