// Which package installed a file: of dpkg, by its lists of files, else of apk or rpm.
//
// dpkg has about as many lists as packages, together some ten megabytes. For
// the few programs that listen, the lists of packages whose names resemble the
// program's are read first; all others only if that finds nothing.
#pragma once

#include <map>
#include <set>
#include <string>
#include <string_view>

#include "agent/host/host.h"

namespace assay::agent {

// The owners of those `paths` that have one, by path. An error when there is a database and it
// cannot be read; a system without one owns nothing. An rpm database that changes all the time, or
// is damaged, names no owners: nobody's files are told apart by remove_packaged().
[[nodiscard]] Result<std::map<std::string, std::string>> find_package_owners(
    Host& host, const std::set<std::string>& paths);

// True when `list`, the content of a .list file, names `path` under one of its names: a system
// with /bin merged into /usr/bin has lists with either.
[[nodiscard]] bool lists_path(std::string_view list, std::string_view path);

// How much the name of a package promises to be that of the program at `path`; 0: nothing.
[[nodiscard]] int resemblance(std::string_view package, std::string_view path);

}  // namespace assay::agent
