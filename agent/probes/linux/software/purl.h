// Package URLs (purl) in their canonical form: what other inventories and
// vulnerability databases know a package by.
#pragma once

#include <string>
#include <string_view>

#include "agent/probes/linux/system/os_release.h"

namespace assay::agent {

class Purl {
 public:
  // `name_space` may be empty, or have several parts between slashes.
  Purl(std::string_view type, std::string_view name_space, std::string_view name,
       std::string_view version);

  // Keys in alphabetical order, as the canonical form has them. An empty value is left out.
  Purl& with(std::string_view key, std::string_view value);

  [[nodiscard]] std::string take() { return std::move(text_); }

 private:
  std::string text_;
  bool has_qualifier_ = false;
};

// The distribution's ID and version as the qualifier "distro" has them: "debian-12". Empty when the
// system does not say both.
[[nodiscard]] std::string distro_qualifier(const OsRelease& release);

void append_percent_encoded(std::string& out, std::string_view text);

}  // namespace assay::agent
