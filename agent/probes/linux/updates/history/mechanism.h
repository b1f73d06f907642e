// A way in which a system updates itself, and how each of them is looked at.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "agent/host/host.h"
#include "agent/probes/linux/updates/schedule/unit_files.h"
#include "evidence/table.h"

namespace assay::agent {

struct Mechanism {
  std::string name;
  bool is_installed = false;
  std::optional<bool> is_enabled;
  std::optional<std::int64_t> refreshes_days;
  std::optional<bool> downloads;
  std::optional<bool> installs;
  std::optional<bool> is_security_only;
  std::string origins;
  std::string excluded;
  std::optional<bool> reboots;
  std::string last_run;
  std::string sources;
  std::string notes;

  void from(std::string_view source);
  void note(std::string_view text);
};
void add_mechanism(const Mechanism& mechanism, evidence::Table& table);

// Nothing when the system has no package manager of that kind.
using InspectedMechanism = Result<std::optional<Mechanism>>;
[[nodiscard]] InspectedMechanism inspect_unattended_upgrades(Host& host, const UnitFiles& units);
[[nodiscard]] InspectedMechanism inspect_dnf_automatic(Host& host, const UnitFiles& units);
[[nodiscard]] InspectedMechanism inspect_yum_cron(Host& host, const UnitFiles& units);
[[nodiscard]] InspectedMechanism inspect_zypper_updates(Host& host, const UnitFiles& units);

// False when it is not there; an error when that cannot be told.
[[nodiscard]] Result<bool> file_exists(Host& host, std::string_view path);

}  // namespace assay::agent
