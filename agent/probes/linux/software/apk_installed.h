// apk's database of installed packages: paragraphs of "X:value" lines, a letter
// for the field, ended by an empty line. Nearly all lines are of files (F, M, R,
// a, Z) and are passed over.
//
// Strict on purpose: a file that was cut short would make the packages behind
// the cut look as if they were not installed.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

#include "evidence/result.h"

namespace assay::agent {

// Views into the text that was parsed. Empty, or nothing: the paragraph has no such field.
struct ApkPackage {
  std::string_view name;
  std::string_view version;
  std::string_view arch;
  std::string_view origin;
  std::string_view license;
  std::string_view maintainer;
  std::string_view checksum;  // "Q1…": SHA-1 of the control part, base64; "Q2…": SHA-256
  std::string_view repository_tag;
  std::optional<std::int64_t> installed_bytes;
  std::optional<std::int64_t> build_time;  // seconds since 1970
  bool is_broken = false;                  // apk could not finish installing it
};

[[nodiscard]] Result<std::vector<ApkPackage>> parse_apk_installed(std::string_view text);

}  // namespace assay::agent
