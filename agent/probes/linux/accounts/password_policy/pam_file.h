// The lines of one PAM file, /etc/pam.d/<service> or /etc/pam.conf, as libpam reads them.
//
// Pure functions; any thread.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "agent/probes/linux/accounts/password_policy/pam_control.h"
#include "evidence/result.h"

namespace assay::agent {

enum class PamType : std::uint8_t { kAuth, kAccount, kPassword, kSession };

struct PamLine {
  enum class Kind : std::uint8_t {
    kModule,
    kInclude,    // "password include system-auth": the lines of one type
    kSubstack,   // the same, judged as a unit
    kAtInclude,  // "@include common-auth": the lines of every type
    kMalformed,  // libpam puts a module in its place that always fails
  };
  Kind kind = Kind::kMalformed;
  std::string service;          // only in /etc/pam.conf
  std::optional<PamType> type;  // absent for kAtInclude and for a word that is no type
  bool may_be_missing = false;  // a leading '-': a missing module is not logged
  PamControl control;
  std::string written_control;  // as the line has it, without brackets
  std::string target;           // the module's path, or the file to include
  std::vector<std::string> arguments;
  std::int64_t line = 0;  // the first line of text, counted from 1
};

enum class PamFileFormat : std::uint8_t { kService, kPamConf };

// Comments, blank lines and continuation lines are resolved. kInvalidData when the text
// holds bytes that no text file has; a line with wrong words is kMalformed instead.
[[nodiscard]] Result<std::vector<PamLine>> parse_pam_file(std::string_view text,
                                                          PamFileFormat format);

}  // namespace assay::agent
