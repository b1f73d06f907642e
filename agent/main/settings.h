// The settings as a command sees them: files and environment, then what its own line says.
#pragma once

#include <string>

#include "agent/main/command.h"
#include "agent/settings/settings.h"

namespace assay::agent {

// `profile` from the command line wins if not empty. kConfiguration for settings that are wrong,
// kUsage for a profile that does not exist.
[[nodiscard]] Result<Settings> settings_in_force(const CommonOptions& common,
                                                 const std::string& profile = {});

}  // namespace assay::agent
