// Which packages the administrator keeps from being updated: excludes of dnf and yum, their plug-in
// versionlock, locks of zypper.
#pragma once

#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "agent/host/host.h"
#include "agent/probes/linux/updates/rpm/primary_list.h"
#include "agent/probes/linux/updates/rpm/repositories.h"

namespace assay::agent {

class HeldPackages {
 public:
  [[nodiscard]] static Result<HeldPackages> read(Host& host,
                                                 const std::vector<Repository>& repositories);

  // `repository`: the place in the list that read() was given.
  [[nodiscard]] bool holds(const OfferedRpm& offered, std::size_t repository) const;
  // False for a package that is not in the repository's includepkgs.
  [[nodiscard]] bool takes(const OfferedRpm& offered, std::size_t repository) const;

 private:
  struct OfRepository {
    std::vector<std::string> excludes;
    std::vector<std::string> includes;
  };
  std::vector<OfRepository> of_repositories_;
  std::vector<std::string> locks_;  // patterns
};

// True when a pattern of dnf's kind means the package: its name, name.arch, or name with version
// and maybe epoch and architecture.
[[nodiscard]] bool means_rpm(std::string_view pattern, const OfferedRpm& package);

// "bash" of "bash-0:5.1.8-6.el9.*", as versionlock writes it; empty when it is none.
[[nodiscard]] std::string name_in_version_lock(std::string_view line);

}  // namespace assay::agent
