// package.json of an installed npm package. Only the few members that a table
// shows are kept, however large and deep the rest is.
#pragma once

#include <string>
#include <string_view>

#include "evidence/result.h"

namespace assay::agent {

// Empty: not said.
struct NpmManifest {
  std::string name;  // with scope: "@babel/core"
  std::string version;
  std::string description;
  std::string author;
  std::string license;  // several are joined by " OR "
  std::string homepage;

  // Files that only tell Node how to load a folder are named package.json as well.
  [[nodiscard]] bool is_package() const { return !name.empty() || !version.empty(); }
};

// kInvalidData when it is not a JSON object.
[[nodiscard]] Result<NpmManifest> parse_npm_manifest(std::string_view text);

// True for the package.json of a package that is installed: right below a node_modules folder,
// with or without a scope, or below Debian's /usr/share/nodejs.
[[nodiscard]] bool is_npm_manifest(std::string_view path);

}  // namespace assay::agent
