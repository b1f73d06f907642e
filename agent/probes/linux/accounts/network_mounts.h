// Which folders lie on other machines: what is there is not read, for a server that is gone would
// hold the probe for minutes. One thread at a time per Host.
#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "agent/host/host.h"
#include "evidence/result.h"

namespace assay::agent {

class NetworkMounts {
 public:
  // An image has none.
  [[nodiscard]] static Result<NetworkMounts> find(Host& host);
  // The kind of file system ("nfs4") that `path` lies on, if that is one of the network, FUSE or an
  // automounter's; else empty.
  [[nodiscard]] std::string_view kind_at(std::string_view path) const;

 private:
  std::vector<std::pair<std::string, std::string>> mounts_;  // place and kind, of every mount
};

}  // namespace assay::agent
