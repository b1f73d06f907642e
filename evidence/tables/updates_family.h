// The tables of the updates family, which take more than one file.
#pragma once

#include "evidence/schema.h"

namespace assay::evidence {

[[nodiscard]] TableSpec kernel_modules();
[[nodiscard]] TableSpec package_installs();
[[nodiscard]] TableSpec update_history();
[[nodiscard]] TableSpec automatic_updates();
[[nodiscard]] TableSpec reboot_required();
[[nodiscard]] TableSpec scheduled_tasks();
[[nodiscard]] TableSpec backup_jobs();

}  // namespace assay::evidence
