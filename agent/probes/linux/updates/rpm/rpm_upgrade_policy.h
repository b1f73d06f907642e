// Which version of an installed rpm dnf, yum or zypper would choose.
//
// A package is updated by one of the same name, and of the same architecture or without one, that
// is newer than every version of it that is installed: of several kernels the newest counts. Of the
// repositories that have the package at all, only those of the best priority count.
#pragma once

#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "agent/probes/linux/software/rpm/rpm_header.h"
#include "agent/probes/linux/updates/rpm/advisories.h"
#include "agent/probes/linux/updates/rpm/primary_list.h"

namespace assay::agent {

struct RpmUpgrade {
  const RpmHeader* installed = nullptr;
  std::string version;
  std::size_t repository = 0;
  bool is_held = false;
  std::set<std::string> advisories;  // security ones, of this version or one before it
};

class RpmUpgradePolicy {
 public:
  // `installed` must outlive this.
  explicit RpmUpgradePolicy(const std::vector<RpmHeader>& installed);

  [[nodiscard]] bool is_installed(std::string_view name) const { return by_name_.contains(name); }
  // Any order, but all advisories before the first offer: they tell which stream of a module a
  // package belongs to.
  void advise(const AdvisedRpm& advised);
  void offer(const OfferedRpm& offered, std::size_t repository, std::int64_t priority,
             bool is_held);

  [[nodiscard]] std::vector<RpmUpgrade> upgrades() const;
  // Modules ("nodejs:18") of which newer packages are offered that no advisory gives to a stream:
  // whether they are updates is not known.
  [[nodiscard]] const std::set<std::string>& unclear_modules() const { return unclear_modules_; }
  // More advisories than any package has: what they say was not kept.
  [[nodiscard]] bool has_too_many_advisories() const { return has_too_many_advisories_; }

 private:
  struct Advised {
    std::string arch;
    std::string version;
    std::string advisory;
    std::string module;
    bool is_security = false;
  };
  struct Offer {
    std::string version;
    std::size_t repository = 0;
    std::int64_t priority = 0;
  };
  struct Installed {
    const RpmHeader* header = nullptr;  // the newest of its architecture
    std::string version;
    std::optional<Offer> best;
    std::optional<Offer> best_held;  // what would be taken but for the administrator
  };
  struct Named {
    std::vector<Installed> installed;  // one an architecture
    std::vector<Advised> advised;      // newer than one of them
  };

  // Whether it is newer than all that it would replace.
  [[nodiscard]] static bool is_update(const std::optional<Offer>& offer, const Named& named,
                                      const Installed& of);
  static void add_advisories(const Named& named, const Installed& of, RpmUpgrade& upgrade);
  [[nodiscard]] bool is_in_stream(const Named& named, const Installed& installed,
                                  const OfferedRpm& offered);

  std::unordered_map<std::string_view, Named> by_name_;
  std::set<std::string> unclear_modules_;
  bool has_too_many_advisories_ = false;
};

inline constexpr std::size_t kMaxAdvisedPerName = 5'000;

[[nodiscard]] std::string rpm_version_of(const RpmHeader& header);

}  // namespace assay::agent
