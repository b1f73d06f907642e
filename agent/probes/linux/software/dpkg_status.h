// dpkg's database, /var/lib/dpkg/status: paragraphs of "Field: value" lines,
// continued by lines that begin with a blank, ended by an empty line.
//
// Strict on purpose: a file that was cut short would make the packages behind
// the cut look as if they were not installed. So anything that dpkg itself
// would not have written is an error that names the line.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

#include "evidence/result.h"

namespace assay::agent {

// Views into the text that was parsed. Empty: the paragraph has no such field.
struct DpkgPackage {
  std::string_view name;
  std::string_view version;
  std::string_view source;  // as written: "gcc-12 (12.2.0-14)" when the version differs
  std::string_view arch;
  std::string_view status;  // dpkg's three words
  std::string_view maintainer;
  std::string_view section;
  std::string_view priority;
  std::optional<std::int64_t> installed_bytes;

  [[nodiscard]] bool is_installed() const { return status.ends_with(" installed"); }
};

enum class DpkgLayout {
  kStatus,       // one file for all packages; every paragraph has a Status
  kStatusFolder  // status.d of distroless images: a file is there, so it is installed
};

struct DpkgPackages {
  std::vector<DpkgPackage> packages;
  // The last paragraph is ended by an empty line, as dpkg always writes it. When it is not, and it
  // looks whole, the file may be hand-made or may have been cut exactly between two lines.
  bool is_ended = true;
};

[[nodiscard]] Result<DpkgPackages> parse_dpkg_status(std::string_view text, DpkgLayout layout);

// The part of a version behind its last hyphen; empty when it has none.
[[nodiscard]] std::string_view dpkg_revision(std::string_view version);

}  // namespace assay::agent
