// Where apt gets packages from: sources.list, sources.list.d/*.list (a line each) and *.sources
// (paragraphs). A source is one address with one suite; a paragraph may hold several.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "agent/host/host.h"

namespace assay::agent {

struct AptSource {
  std::string type;  // deb or deb-src
  std::string uri;   // as written, with whatever it holds: not for a table
  std::string suite;
  std::vector<std::string> components;
  std::vector<std::string> architectures;  // none: those of the system
  bool has_other_architectures = false;    // some are added or taken away
  std::string signed_by;                   // files or fingerprints; "inline key"; empty: not said
  std::optional<bool> trusted;
  std::optional<bool> check_valid_until;
  std::optional<bool> allow_insecure;
  bool is_enabled = true;
  std::string file;
  std::int64_t line = 0;
};

// kInvalidData, with the line, for what apt itself refuses: it then knows no source at all.
[[nodiscard]] Result<std::vector<AptSource>> parse_source_lines(std::string_view text);
[[nodiscard]] Result<std::vector<AptSource>> parse_source_paragraphs(std::string_view text);

// All sources of the system. kNotFound where there is no /etc/apt.
[[nodiscard]] Result<std::vector<AptSource>> read_apt_sources(Host& host);

// Begin of the names under which apt keeps the lists of a source, and the file of one index:
//   deb.debian.org_debian_dists_bookworm_   …main_binary-amd64_Packages
[[nodiscard]] std::string list_prefix(const AptSource& source);

}  // namespace assay::agent
