// Versions of single packages, from dpkg's database, read at most once.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "agent/host/host.h"
#include "agent/probes/linux/software/dpkg_status.h"

namespace assay::agent {

class PackageVersions {
 public:
  static constexpr std::string_view kSource = "/var/lib/dpkg/status";

  // `host` must outlive this.
  explicit PackageVersions(Host& host) : host_(host) {}

  // Whether dpkg has the list of files of any of them. Costs no reading of the database.
  [[nodiscard]] bool has_trace(std::span<const std::string_view> packages);

  // Of the first of `packages` that the database has; with `only_installed`, that is installed.
  // Empty when it has none of them.
  [[nodiscard]] Result<std::string> version_of(std::span<const std::string_view> packages,
                                               bool only_installed);

 private:
  void load();

  Host& host_;
  std::string text_;
  std::optional<Result<DpkgPackages>> parsed_;  // views into text_
};

}  // namespace assay::agent
