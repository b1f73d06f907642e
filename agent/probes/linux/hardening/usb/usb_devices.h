// Table usb_devices: what is plugged into USB, as the kernel shows it in /sys.
#pragma once

#include "agent/host/host.h"
#include "evidence/result.h"
#include "evidence/table.h"

namespace assay::agent {

// Empty when the kernel has no USB at all.
[[nodiscard]] Result<evidence::Table> collect_usb_devices(Host& host);

inline constexpr std::size_t kMaxUsbEntries = 4096;

}  // namespace assay::agent
