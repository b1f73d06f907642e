// The home folders of all local accounts: where people install software of
// their own.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "agent/host/host.h"

namespace assay::agent {

struct Home {
  std::string username;
  std::uint32_t uid = 0;
  std::string directory;
  // Set where nobody should look: on a network mount, which may hang and is another machine's.
  std::string why_not;
};

// One for each folder, however many accounts share it. Of /etc/passwd; the accounts of a directory
// service are not among them.
[[nodiscard]] Result<std::vector<Home>> home_folders(Host& host);

}  // namespace assay::agent
