// The files of an installed package, from its header: folders, names, and for
// each name the folder that it is in.
#pragma once

#include <functional>
#include <string_view>

#include "agent/probes/linux/software/bytes/byte_source.h"
#include "evidence/result.h"

namespace assay::agent {

// `path` is valid during the call only.
using RpmFileVisitor = std::function<void(std::string_view path)>;

// Shows every file and folder that the package lists, none for a package without files.
// kInvalidData when the lists contradict each other.
[[nodiscard]] Status visit_rpm_files(ByteSource& header, const RpmFileVisitor& see);

// One of the three lists of a package.
inline constexpr std::uint32_t kMaxRpmFileListBytes = 16U << 20U;

}  // namespace assay::agent
