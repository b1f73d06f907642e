// The destinations of one file of syslog-ng's settings, and what the file includes.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "evidence/result.h"

namespace assay::agent {

struct SyslogNgDriver {
  std::string destination;  // its name; empty when it stands in a log path itself
  std::string driver;       // file, network, syslog, tcp, udp, …
  std::string target;       // the first argument: a path or host
  std::string port;
  std::string transport;  // udp, tcp, tls
  std::string perm;
  std::int64_t line = 0;
};

struct SyslogNgConf {
  std::vector<SyslogNgDriver> drivers;
  std::vector<std::string> includes;
};

// kInvalidData names the line where a block or text does not end.
[[nodiscard]] Result<SyslogNgConf> parse_syslog_ng_conf(std::string_view text);

}  // namespace assay::agent
