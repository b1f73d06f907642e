// The walk over all files of this machine; what Host::walk() promises.
#pragma once

#include <vector>

#include "agent/host/mount_table.h"
#include "agent/host/root_folder.h"
#include "agent/host/tree_visitor.h"
#include "evidence/result.h"

namespace assay::agent {

// `mounts` of the running machine; empty for an image, of which only the file system is walked
// that its root folder is on.
[[nodiscard]] Result<WalkSummary> walk_tree(const RootFolder& root,
                                            const std::vector<Mount>& mounts, TreeVisitor& visitor);

// Of a file, as a Host tells it.
[[nodiscard]] FileStatus to_file_status(const struct ::stat& status);

}  // namespace assay::agent
