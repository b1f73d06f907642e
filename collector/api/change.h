// What changed between two moments, and why, as far as that can be known from the evidence.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>

#include "collector/api/records.h"
#include "collector/api/service.h"

namespace assay::collector::api {

enum class Cause {
  kNewHost,  // it had not been judged before
  kHost,     // a table that the check reads is another one
  kRules,    // the check or its figures are others
  kHostAndRules,
  kReference,  // neither: reference data or the date moved on
};
[[nodiscard]] std::string_view name_of(Cause cause);

// Remembers what it has read; for one answer and one thread.
class CauseFinder {
 public:
  CauseFinder(const Service& service, evidence::Seconds from, evidence::Seconds to)
      : service_(service), from_(from), to_(to) {}

  [[nodiscard]] Result<Cause> cause(const std::string& host_id, const std::string& check_id);

 private:
  // Digest or reason by table; empty when there was no snapshot.
  using Tables = std::map<std::string, std::string>;
  struct Ends {
    std::optional<Tables> before;
    std::optional<Tables> after;
  };
  Result<const Ends*> tables_of(const std::string& host_id);
  Result<std::optional<Tables>> tables_at(const std::string& host_id, evidence::Seconds when);
  Result<bool> rules_differ(const std::string& host_id, const std::string& check_id);
  // Check digest and parameters in force; empty when it was not judged.
  Result<std::string> rule_at(const std::string& host_id, const std::string& check_id,
                              evidence::Seconds when);

  const Service& service_;
  evidence::Seconds from_;
  evidence::Seconds to_;
  std::map<std::string, Ends> tables_;
  std::map<std::pair<std::string, std::string>, Cause> causes_;
};

// {"from","to","hosts","new","fixed","regressed","evidence_lost","waived","waiver_ended","summary"}.
// Of one host, or of all for an empty id. What is waived is still there: it counts as open.
[[nodiscard]] Result<Json> difference(const Service& service, const std::string& host_id,
                                      evidence::Seconds from, evidence::Seconds to);

}  // namespace assay::collector::api
