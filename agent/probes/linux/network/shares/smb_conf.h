// smb.conf as Samba reads it: sections and parameters under their present names.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "evidence/result.h"

namespace assay::agent {

struct SmbValue {
  std::string value;
  std::string source;
  std::int64_t line = 0;
};

struct SmbSection {
  std::string name;  // in lower case; "global" for that
  std::string source;
  std::int64_t line = 0;
  std::map<std::string, SmbValue, std::less<>> values;
  [[nodiscard]] const SmbValue* find(std::string_view parameter) const;
};

struct SmbConf {
  std::vector<SmbSection> sections;  // "global" first, always there
  std::vector<std::string> notes;    // what could not be followed
  SmbSection& section(std::string_view name, std::string_view source, std::int64_t line);
};

// Gives the text of an included file. kNotFound is no failure: Samba passes over it too.
using SmbReader = std::function<Result<std::string>(const std::string& path)>;

// Reads `path` and what it includes, up to a depth and number of files.
[[nodiscard]] Result<SmbConf> read_smb_conf(const std::string& path, const SmbReader& read);

// "yes", "true", "1", "on"; the default for any other word.
[[nodiscard]] bool smb_truth(const SmbValue* value, bool otherwise);

}  // namespace assay::agent
