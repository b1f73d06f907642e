// All of rsyslog's settings: its file and what that includes, in the order in which they count.
#pragma once

#include <string>
#include <vector>

#include "agent/host/host.h"
#include "agent/probes/linux/operations/logging/rsyslog_conf.h"

namespace assay::agent {

struct RsyslogSettings {
  struct Item {
    RsyslogStatement statement;
    std::string file;
  };
  std::vector<Item> items;
  std::vector<std::string> problems;  // files that could not be understood, and why
};

// A file that is not there is no error: rsyslog goes on without it.
[[nodiscard]] Result<RsyslogSettings> read_rsyslog(Host& host, std::string_view path);

}  // namespace assay::agent
