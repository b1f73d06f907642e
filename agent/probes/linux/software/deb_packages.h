// Table deb_packages.
#pragma once

#include <string>

#include "agent/host/host.h"
#include "agent/probes/linux/system/os_release.h"
#include "evidence/table.h"

namespace assay::agent {

// Reads /var/lib/dpkg/status and status.d. kNotFound where there is neither: a system without
// dpkg has no table, not an empty one, because its software is unknown.
[[nodiscard]] Result<evidence::Table> collect_deb_packages(Host& host);

// Package URLs of one system's packages, in purl's canonical form.
class DebPurl {
 public:
  // A release without an ID gives no URLs.
  explicit DebPurl(const OsRelease& release);

  // Empty when the package has no version or the distribution is not known.
  [[nodiscard]] std::string of(std::string_view name, std::string_view version,
                               std::string_view arch) const;

 private:
  std::string name_space_;
  std::string distro_;
};

}  // namespace assay::agent
