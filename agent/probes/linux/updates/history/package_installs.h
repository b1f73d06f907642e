// Table package_installs.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "agent/host/host.h"
#include "agent/probes/linux/software/bytes/byte_source.h"
#include "evidence/table.h"

namespace assay::agent {

// One package that was installed, as a log tells it. An upgrade is none.
struct PackageInstall {
  std::string manager;
  std::string name;
  std::string architecture;  // empty where the log does not tell
  std::string version;
  std::string time;                  // sorts as text; see the table's meaning for its zone
  std::string username;              // empty: not recorded
  std::optional<std::int64_t> uid;   // of who was logged in
  std::optional<bool> is_automatic;  // it came along as a dependency
  std::string repository;            // empty: not recorded
  std::string source;
};

// Each of these reads one log. kInvalidData for what is no such log.
[[nodiscard]] Result<std::vector<PackageInstall>> installs_in_apt_history(std::string_view text);
[[nodiscard]] Result<std::vector<PackageInstall>> installs_in_dpkg_log(std::string_view text);
[[nodiscard]] Result<std::vector<PackageInstall>> installs_in_zypp_history(std::string_view text);
[[nodiscard]] Result<std::vector<PackageInstall>> installs_in_apk_log(std::string_view text);
[[nodiscard]] Result<std::vector<PackageInstall>> installs_in_dnf_history(ByteSource& database,
                                                                          ByteSource* log);

// kNotFound when no package manager left a log.
[[nodiscard]] Result<evidence::Table> collect_package_installs(Host& host);

}  // namespace assay::agent
