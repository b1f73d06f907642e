// One file of rsyslog's settings: the old "selector action" lines and "$Directive" lines, and
// RainerScript's objects, in any mixture. Filters and expressions are passed over: what counts is
// what is loaded, written, forwarded and included.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "evidence/result.h"

namespace assay::agent {

struct RsyslogParameter {
  std::string name;   // in lower case
  std::string value;  // without quotes; a list's first element
};

struct RsyslogStatement {
  enum class Kind {
    kDirective,  // $Name text
    kObject,     // name(parameter="value" …): action, module, input, include, global, template, …
    kAction,     // an old action: a file, @host, |pipe, …, in `text`
  };
  Kind kind = Kind::kDirective;
  std::string name;  // of a directive or object, in lower case
  std::vector<RsyslogParameter> parameters;
  std::string selector;  // of the line that an action stands in, when it has one
  std::string text;
  std::int64_t line = 0;

  // Empty when it is not there. `name_wanted` in lower case.
  [[nodiscard]] std::string_view parameter(std::string_view name_wanted) const;
};

inline constexpr std::size_t kMaxRsyslogStatements = 20'000;

// kInvalidData names the line where an object or a text does not end.
[[nodiscard]] Result<std::vector<RsyslogStatement>> parse_rsyslog_conf(std::string_view text);

}  // namespace assay::agent
