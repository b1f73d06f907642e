// Which programs a package of the system installed, by the package managers'
// lists of files: dpkg's (with its diversions), apk's and rpm's.
//
// All lists are read, some ten megabytes: for a look once a day.
#pragma once

#include <string>
#include <string_view>
#include <unordered_set>
#include <vector>

#include "agent/host/host.h"

namespace assay::agent {

struct PathHash {
  using is_transparent = void;  // NOLINT(readability-identifier-naming): the library asks for it
  [[nodiscard]] std::size_t operator()(std::string_view path) const {
    return std::hash<std::string_view>{}(path);
  }
};
using PathSet = std::unordered_set<std::string, PathHash, std::equal_to<>>;

// Takes out of `paths` (without symbolic links) those that a package owns. kNotSupported when the
// system has no such list: then nothing is known, and not every file is nobody's.
[[nodiscard]] Status remove_packaged(Host& host, PathSet& paths);

// One of the lines in which /var/lib/dpkg/diversions says that a file of other packages stands
// under another name, because `by` has one of that name. `by` is ":" when a person said so.
struct Diversion {
  std::string_view from;
  std::string_view to;
  std::string_view by;
};
// kInvalidData when it does not consist of groups of three lines.
[[nodiscard]] Result<std::vector<Diversion>> parse_diversions(std::string_view text);

}  // namespace assay::agent
