// One file of logrotate's settings: global directives, and blocks of files with their own.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "evidence/result.h"

namespace assay::agent {

// What decides for how long a log is kept.
struct Rotation {
  std::string frequency;  // hourly, daily, weekly, monthly, yearly; empty: by size only
  std::optional<std::int64_t> rotate;  // old logs that are kept; -1: all
  std::optional<std::int64_t> max_age_days;
  bool has_size = false;      // "size": nothing but the size counts
  bool has_max_size = false;  // "maxsize": the size may come before the time
  bool compress = false;
};

struct RotatedFiles {
  std::vector<std::string> patterns;
  Rotation rotation;
  std::int64_t line = 0;
};

struct LogrotateInclude {
  std::string path;
  Rotation defaults;  // as they stand where it is included
};

struct LogrotateConf {
  std::vector<RotatedFiles> blocks;
  std::vector<LogrotateInclude> includes;
  Rotation defaults;                        // as they stand at the end of the file
  std::vector<std::string> taboo_suffixes;  // added by tabooext
};

// `defaults` are those of the file that includes this one. kInvalidData names the line of a block
// or script that does not end. Directives that say nothing about keeping are passed over.
[[nodiscard]] Result<LogrotateConf> parse_logrotate_conf(std::string_view text,
                                                         const Rotation& defaults);

// For how many days at least a record can still be read; nothing when it cannot be told, or when
// nothing is ever removed (`is_unlimited`).
struct Retention {
  std::optional<std::int64_t> days;
  bool is_unlimited = false;
  std::string reason;  // why `days` is not known
};
[[nodiscard]] Retention retention_of(const Rotation& rotation);

}  // namespace assay::agent
