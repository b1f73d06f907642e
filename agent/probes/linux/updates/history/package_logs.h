// The logs that package managers leave, with the older ones that logrotate put beside them.
#pragma once

#include <string>
#include <string_view>

#include "agent/host/host.h"
#include "agent/probes/linux/software/bytes/byte_source.h"

namespace assay::agent {

enum class PackageLog {
  kApt,   // /var/log/apt/history.log
  kDpkg,  // /var/log/dpkg.log
  kZypp,  // /var/log/zypp/history
  kApk,   // /var/log/apk.log
};

// Is shown each log that is there. What it refuses ends the reading, with the log's path.
class PackageLogReader {
 public:
  virtual ~PackageLogReader() = default;
  [[nodiscard]] virtual Status text(PackageLog log, const std::string& path,
                                    std::string_view text) = 0;
  // dnf's or yum's file of SQLite. `log`: what is written beside it and not yet in it; nullptr:
  // nothing.
  [[nodiscard]] virtual Status database(const std::string& path, ByteSource& database,
                                        ByteSource* log) = 0;
};

// kNotFound when no package manager left a log.
[[nodiscard]] Status read_package_logs(Host& host, PackageLogReader& reader);

}  // namespace assay::agent
