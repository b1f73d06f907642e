// The text of apk's database of installed packages.
#pragma once

#include <string>
#include <string_view>

#include "agent/host/host.h"

namespace assay::agent {

struct ApkDatabase {
  std::string_view path;
  std::string text;
};

// /lib/apk/db/installed or, as newer systems have it, /usr/lib/apk/db/installed. kNotFound when apk
// has none here.
[[nodiscard]] Result<ApkDatabase> read_apk_database(Host& host);

}  // namespace assay::agent
