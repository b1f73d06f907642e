// Which of the files in /var/lib/apt/lists belong to the sources that are configured now.
//
// Files of other sources stay there until the next `apt update`; apt does not use them, nor do we.
#pragma once

#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "agent/host/host.h"
#include "agent/probes/linux/updates/apt/release_file.h"
#include "agent/probes/linux/updates/apt/source_list.h"

namespace assay::agent {

inline constexpr std::string_view kAptLists = "/var/lib/apt/lists";

// The names in kAptLists; none when the folder is not there.
[[nodiscard]] Result<std::set<std::string, std::less<>>> apt_list_names(Host& host);

// The Release file of a source: path of InRelease or Release, empty when apt has none.
[[nodiscard]] std::string release_path(const std::set<std::string, std::less<>>& names,
                                       const AptSource& source);
// Of its first kibibytes.
[[nodiscard]] Result<AptRelease> read_release(Host& host, const std::string& path);

// One list of packages.
struct PackageList {
  std::string path;
  std::string component;
  std::string site;                // host name of the source; empty: this machine
  std::size_t release = 0;         // in PackageLists::releases
  std::uint64_t stated_bytes = 0;  // unpacked, by the Release file; 0: not stated
};

struct PackageLists {
  std::vector<AptRelease> releases;
  std::vector<PackageList> lists;
  std::vector<std::string> missing;  // in words: what is configured and not there
};

// `architectures`: those of the system, its own first. kNotFound when no list is there at all.
[[nodiscard]] Result<PackageLists> find_package_lists(
    Host& host, const std::vector<AptSource>& sources,
    const std::vector<std::string>& architectures);

}  // namespace assay::agent
