// Versions of single packages, from the databases of dpkg, rpm and apk, each read at most once.
//
// Read by each probe for itself: what a probe has read tells later whether its table is still so.
#pragma once

#include <map>
#include <optional>
#include <set>
#include <span>
#include <string>
#include <string_view>

#include "agent/host/host.h"
#include "agent/probes/linux/software/dpkg_status.h"

namespace assay::agent {

struct KnownPackage {
  std::string version;
  std::string source;         // the database's file
  bool is_installed = false;  // false: dpkg has removed it, but for its settings
};

class PackageVersions {
 public:
  // `host` must outlive this. `packages`: all that will be asked for; none of others is found where
  // rpm or apk installed it.
  PackageVersions(Host& host, std::set<std::string> packages)
      : host_(host), wanted_(std::move(packages)) {}

  // Whether dpkg has the list of files of any of them. Costs no reading of a database.
  [[nodiscard]] bool has_list(std::span<const std::string_view> packages);

  // The first of `packages` that is installed, else the first that was. Nothing when no database
  // has any of them; an Error when one that may have them cannot be read.
  [[nodiscard]] Result<std::optional<KnownPackage>> find(
      std::span<const std::string_view> packages);

 private:
  using Versions = std::map<std::string, std::string, std::less<>>;
  struct Installed {
    std::string source;
    Versions versions;  // empty where there is no such database
  };

  [[nodiscard]] Result<std::optional<KnownPackage>> find_in_dpkg(
      std::span<const std::string_view> packages);
  [[nodiscard]] Result<Installed> read_rpm();
  [[nodiscard]] Result<Installed> read_apk();

  Host& host_;
  std::set<std::string> wanted_;
  std::string dpkg_text_;
  std::optional<Result<DpkgPackages>> dpkg_;  // views into dpkg_text_
  std::optional<Result<Installed>> rpm_;
  std::optional<Result<Installed>> apk_;
};

}  // namespace assay::agent
