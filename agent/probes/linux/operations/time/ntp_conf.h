// Settings of ntpd (the NTP project's, and ntpsec's) and of OpenNTPD.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "agent/probes/linux/operations/time/time_source.h"
#include "evidence/result.h"

namespace assay::agent {

struct NtpConf {
  std::vector<TimeSource> sources;  // without the name of the file
  std::vector<std::string> includes;
};
// Servers at 127.127.x.y are clocks of the machine itself.
[[nodiscard]] Result<NtpConf> parse_ntp_conf(std::string_view text);
[[nodiscard]] Result<std::vector<TimeSource>> parse_openntpd_conf(std::string_view text);

}  // namespace assay::agent
