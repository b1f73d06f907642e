// All software of one snapshot, of whatever package manager, in one list.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "collector/software/cpe_dictionary.h"
#include "collector/store/store.h"
#include "evidence/manifest.h"

namespace assay::collector {

// Empty: not known.
struct SoftwareItem {
  std::string kind;  // os, deb, rpm, apk, snap, flatpak, python, npm, java, go
  std::string name;
  std::string version;
  std::string arch;
  std::string purl;
  std::string cpe;         // a guess
  std::string confidence;  // of it
  auto operator<=>(const SoftwareItem&) const = default;
};

// A table of software that was not there, or in which a part is missing, and why.
struct MissingSoftware {
  std::string table;
  std::string reason;
};

struct SoftwareList {
  std::vector<SoftwareItem> items;  // sorted, each once
  std::vector<MissingSoftware> missing;
};

using TableReader = std::function<Result<evidence::Table>(const evidence::Digest&)>;

// `wanted`: only this kind; empty: all. What is not on a system at all (no rpm on a Debian) is not
// missing. Fails when a table cannot be read.
[[nodiscard]] Result<SoftwareList> software_of(const evidence::Manifest& manifest,
                                               const TableReader& read,
                                               const CpeDictionary& dictionary,
                                               std::string_view wanted = {});

// os, deb, …
[[nodiscard]] const std::vector<std::string>& software_kinds();

}  // namespace assay::collector
