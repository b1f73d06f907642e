// What a Python package says of itself: METADATA of a .dist-info folder,
// PKG-INFO of an .egg-info folder, or an .egg-info file. Lines "Field: value",
// continued by indented lines, ended by an empty line; a description follows.
#pragma once

#include <string>
#include <string_view>

#include "evidence/result.h"

namespace assay::agent {

// Empty: not said.
struct PythonMetadata {
  std::string name;
  std::string version;
  std::string summary;
  std::string author;
  std::string license;
};

// `text` may end anywhere behind the first fields. kInvalidData without a name.
[[nodiscard]] Result<PythonMetadata> parse_python_metadata(std::string_view text);

// True for a path that holds such a text: "….dist-info/METADATA", "….egg-info/PKG-INFO",
// "…/EGG-INFO/PKG-INFO", and "….egg-info" (which may also be a folder).
[[nodiscard]] bool is_python_metadata(std::string_view path);

}  // namespace assay::agent
