// Whether the files that a process names are this machine's: a container's
// process has a root of its own, and its "/usr/bin/x" is another file.
#pragma once

#include <map>
#include <string>
#include <string_view>

#include "agent/host/host.h"

namespace assay::agent {

class OwnRoot {
 public:
  // `host` must outlive this.
  explicit OwnRoot(Host& host) : host_(host) {}

  // True when the process has the same file system on "/" as the agent. Services with a mount
  // namespace of their own (PrivateTmp and the like) have. kNotFound when it has ended.
  [[nodiscard]] Result<bool> is_shared_by(std::int64_t pid);

 private:
  Host& host_;
  std::string own_root_;
  std::map<std::string, bool, std::less<>> by_namespace_;
};

// What is mounted on "/": device and the folder on it, from the text of /proc/PID/mountinfo.
// Empty when nothing is.
[[nodiscard]] std::string root_in_mount_info(std::string_view text);

}  // namespace assay::agent
