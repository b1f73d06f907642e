#include "agent/probes/linux/operations/logging/logging.h"

#include "agent/probes/linux/operations/logging/log_parts.h"

namespace assay::agent {

Result<evidence::Table> collect_logging(Host& host) {
  evidence::Table table(*evidence::find_table("logging"));
  LogRows rows(table);
  PresenceFinder finder(host);
  LogFiles files(host, rows);
  if (auto done = add_log_services(finder, rows); !done) return fail(std::move(done.error()));
  if (auto done = add_journald(host, files, rows); !done) return fail(std::move(done.error()));
  if (auto done = add_rsyslog(host, files, rows); !done) return fail(std::move(done.error()));
  if (auto done = add_syslog_ng(host, files, rows); !done) return fail(std::move(done.error()));
  if (auto done = add_auditd(host, files, rows); !done) return fail(std::move(done.error()));
  if (auto done = files.add_well_known(); !done) return fail(std::move(done.error()));
  if (auto done = add_logrotate(host, files, rows); !done) return fail(std::move(done.error()));
  return table;
}

}  // namespace assay::agent
