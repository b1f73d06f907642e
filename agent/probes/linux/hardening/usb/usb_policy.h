// Table usb_policy: what keeps, or does not keep, USB storage and other USB devices from being
// used: the driver, the kernel's default, USBGuard, udev and polkit rules.
#pragma once

#include <string_view>

#include "agent/host/host.h"
#include "evidence/result.h"
#include "evidence/table.h"

namespace assay::agent {

// One row for each control, also for those that are not in force.
[[nodiscard]] Result<evidence::Table> collect_usb_policy(Host& host);

// True for a rule of udev that takes away a USB device's authorisation.
[[nodiscard]] bool takes_authorisation(std::string_view udev_line);

}  // namespace assay::agent
