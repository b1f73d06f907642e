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
  std::optional<bool> installed;  // false: only its package is left, without the program
  std::optional<bool> running;
  std::optional<bool> enabled;  // starts with the system
  std::string version;
  std::vector<std::string> sources;  // where this is known from
  std::vector<std::string> notes;    // why something is not known
};

class PresenceFinder {
 public:
  enum class Versions { kWanted, kNotWanted };  // they cost reading the package database

  // `host` must outlive this.
  explicit PresenceFinder(Host& host, Versions versions = Versions::kWanted)
      : host_(host),
        services_(host),
        versions_(host),
        wants_versions_(versions == Versions::kWanted) {}

  // Nothing when there is no trace of the product. A failure of the machine (not of permission) is
  // an Error.
  [[nodiscard]] Result<std::optional<Presence>> find(const Product& product);

  [[nodiscard]] Services& services() { return services_; }
  [[nodiscard]] PackageVersions& versions() { return versions_; }

 private:
  [[nodiscard]] Result<bool> find_programs(const Product& product, Presence& presence);
  [[nodiscard]] Status find_service(const Product& product, Presence& presence);

  Host& host_;
  Services services_;
  PackageVersions versions_;
  bool wants_versions_;
};

// The texts with `separator` between them.
[[nodiscard]] std::string joined(const std::vector<std::string>& texts, std::string_view separator);

}  // namespace assay::agent
