// One file of chrony's settings; also one of its files of sources.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "agent/probes/linux/operations/time/time_source.h"
#include "evidence/result.h"

namespace assay::agent {

struct ChronyConf {
  std::vector<TimeSource> sources;          // without the name of the file
  std::vector<std::string> includes;        // patterns of files that are read in their place
  std::vector<std::string> conf_folders;    // of *.conf
  std::vector<std::string> source_folders;  // of *.sources
};

[[nodiscard]] Result<ChronyConf> parse_chrony_conf(std::string_view text);

// The words of a line, up to 64.
[[nodiscard]] std::vector<std::string_view> words_of(std::string_view line);

}  // namespace assay::agent
