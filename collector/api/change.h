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
// kTooLarge for more changes than a person reads.
[[nodiscard]] Result<Json> difference(const Service& service, const std::string& host_id,
                                      evidence::Seconds from, evidence::Seconds to);

inline constexpr std::size_t kMostListed = 5'000;

// The same of the whole fleet, to be kept: hosts and findings are as they were known then, so that
// it is the same bytes whenever it is asked for, as long as the evidence is there. Of each list the
// worst `most_listed` are told one by one, and all are counted: "causes" are of what is listed;
// "not_listed" says how many of each list are not.
[[nodiscard]] Result<Json> lasting_difference(const Service& then, evidence::Seconds from,
                                              evidence::Seconds to,
                                              std::size_t most_listed = kMostListed);

}  // namespace assay::collector::api
