// openssl.cnf as the library reads it: sections, includes, continued lines, quotes.
//
// Variables ($dir) are not put in: a value with one is marked, for what it is can depend on
// the environment of each program.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <string_view>

#include "agent/host/host.h"

namespace assay::agent {

struct OpensslValue {
  std::string text;
  std::string source;
  std::int64_t line = 0;
  bool has_variable = false;
};

class OpensslConf {
 public:
  // nullptr when the section has no such name. The section before any header is "default".
  [[nodiscard]] const OpensslValue* find(const std::string& section, std::string_view name) const;
  // All names of a section; a name has an optional part before a dot: "TLS.MinProtocol".
  [[nodiscard]] const std::map<std::string, OpensslValue, std::less<>>* section(
      const std::string& name) const;
  // A later value takes the place of an earlier one.
  void set(const std::string& section, const std::string& name, OpensslValue value);

 private:
  std::map<std::string, std::map<std::string, OpensslValue, std::less<>>> sections_;
};

// With all that it includes. kInvalidData names file and line of what the library refuses;
// includes deeper than kMaxOpensslIncludeDepth are refused too. A file that is included and not
// there is passed over, as the library does.
[[nodiscard]] Result<OpensslConf> read_openssl_conf(Host& host, std::string_view path);

inline constexpr int kMaxOpensslIncludeDepth = 16;
inline constexpr int kMaxOpensslFiles = 500;

}  // namespace assay::agent
