// The files of apk's packages, by its database of installed packages.
#pragma once

#include <functional>
#include <string_view>

#include "agent/host/host.h"
#include "evidence/result.h"

namespace assay::agent {

// Both are valid during the call only.
using ApkFileVisitor = std::function<void(std::string_view path, std::string_view package)>;

// Shows the path of every file that the database's text lists. kInvalidData for a file without a
// folder.
[[nodiscard]] Status read_apk_files(std::string_view installed, const ApkFileVisitor& see);

// Of the system's database. kNotFound when apk has none here.
[[nodiscard]] Status visit_apk_files(Host& host, const ApkFileVisitor& see);

}  // namespace assay::agent
