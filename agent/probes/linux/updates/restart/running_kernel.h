// Whether the kernel that runs is the newest that is installed.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "agent/host/host.h"
#include "agent/probes/linux/software/dpkg_status.h"

namespace assay::agent {

struct KernelState {
  std::string release;    // that runs, as uname -r
  std::string running;    // its version: the package's where it is known, else the release
  std::string installed;  // newest installed version of its kind; empty: see unknown_reason
  std::string source;
  bool is_outdated = false;
  std::string unknown_reason;  // why it cannot be told; empty: it can
};

// By dpkg where it is there, else by the folders of modules.
[[nodiscard]] Result<KernelState> look_at_kernel(Host& host);

// `version`: the text of /proc/sys/kernel/version, which Debian's kernels end with the version of
// their package.
[[nodiscard]] KernelState compare_with_packages(std::string_view release, std::string_view version,
                                                const std::vector<DpkgPackage>& packages);
// `folders`: the releases that have modules installed.
[[nodiscard]] KernelState compare_with_folders(std::string_view release,
                                               const std::vector<std::string>& folders);

// The order of kernel releases such as "5.14.0-427.13.1.el9_4.x86_64": numbers by value.
[[nodiscard]] int compare_releases(std::string_view a, std::string_view b);

}  // namespace assay::agent
