// Whether a product is on the machine, starts with it, and runs: what can be told of any product
// from its files, package, units and processes. Used by one thread at a time.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "agent/host/host.h"
#include "agent/probes/linux/presence/package_versions.h"
#include "agent/probes/linux/processes/services.h"

namespace assay::agent {

// How a product is recognised, as data.
struct Product {
  std::string_view kind;
  std::string_view name;
  std::vector<std::string_view> packages;   // the first that is installed gives the version
  std::vector<std::string_view> programs;   // any of these there: it is installed; runs: it runs
  std::vector<std::string_view> units;      // any of these runs: it runs
  std::vector<std::string_view> processes;  // names as the kernel keeps them, 15 bytes
};

struct Presence {
  std::optional<bool> installed;  // false: it was removed, and its settings are left
  std::optional<bool> running;
  std::optional<bool> enabled;  // starts with the system
  std::string version;
  std::vector<std::string> sources;  // where this is known from
  // Why something is not known; one that tells it of a column begins with its name: "running: …".
  std::vector<std::string> notes;
};

// The note of a product whose way to be started is not known.
inline constexpr std::string_view kNoService = "enabled: no service of it is known to the system";

class PresenceFinder {
 public:
  // `host` must outlive this. `packages`: of all products that will be looked for; with none, no
  // versions are looked for either, which cost reading the package databases.
  explicit PresenceFinder(Host& host, std::set<std::string> packages = {})
      : host_(host),
        services_(host),
        wants_versions_(!packages.empty()),
        versions_(host, std::move(packages)) {}

  // Nothing when there is no trace of the product. A failure of the machine (not of permission) is
  // an Error.
  [[nodiscard]] Result<std::optional<Presence>> find(const Product& product);

  [[nodiscard]] Services& services() { return services_; }
  [[nodiscard]] PackageVersions& versions() { return versions_; }

 private:
  enum class PackageTrace { kNone, kUnknown, kRemoved, kInstalled };

  [[nodiscard]] Result<bool> find_programs(const Product& product, Presence& presence);
  [[nodiscard]] PackageTrace find_package(const Product& product, Presence& presence);
  [[nodiscard]] Status find_service(const Product& product, Presence& presence);

  Host& host_;
  Services services_;
  bool wants_versions_;
  PackageVersions versions_;
};

// The texts with `separator` between them.
[[nodiscard]] std::string joined(const std::vector<std::string>& texts, std::string_view separator);

}  // namespace assay::agent
