// The parts of the table `logging`, each the settings of one daemon.
#pragma once

#include "agent/host/host.h"
#include "agent/probes/linux/operations/logging/log_files.h"
#include "agent/probes/linux/operations/logging/log_rows.h"
#include "agent/probes/linux/presence/presence.h"

namespace assay::agent {

// Which daemons that write or send logs are there and run.
[[nodiscard]] Status add_log_services(PresenceFinder& finder, LogRows& rows);
[[nodiscard]] Status add_journald(Host& host, LogFiles& files, LogRows& rows);
[[nodiscard]] Status add_rsyslog(Host& host, LogFiles& files, LogRows& rows);
[[nodiscard]] Status add_syslog_ng(Host& host, LogFiles& files, LogRows& rows);
[[nodiscard]] Status add_auditd(Host& host, LogFiles& files, LogRows& rows);
// Last: says also which of the files are never rotated.
[[nodiscard]] Status add_logrotate(Host& host, LogFiles& files, LogRows& rows);

}  // namespace assay::agent
