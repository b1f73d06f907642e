// What the settings of each daemon of time say. All return no sources when the daemon has no
// settings on this machine.
#pragma once

#include "agent/host/host.h"
#include "agent/probes/linux/operations/time/time_source.h"

namespace assay::agent {

[[nodiscard]] Result<TimeSettings> read_chrony(Host& host);
[[nodiscard]] Result<TimeSettings> read_ntp(Host& host);  // ntpd of the NTP project, and ntpsec
[[nodiscard]] Result<TimeSettings> read_openntpd(Host& host);
[[nodiscard]] Result<TimeSettings> read_timesyncd(Host& host);
[[nodiscard]] Result<TimeSettings> read_busybox_ntpd(Host& host);

}  // namespace assay::agent
