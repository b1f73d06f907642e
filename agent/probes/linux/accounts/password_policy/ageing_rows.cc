#include "agent/probes/linux/accounts/password_policy/ageing_rows.h"

#include <utility>

namespace assay::agent {
namespace {

PolicyRow row_of(std::string setting, const AgeingDays& ageing, const ExpiryCheck& check,
                 std::string when_off) {
  if (!ageing.days) {
    auto row = absent(std::move(setting), {});
    row.where = ageing.where;
    return row.note(ageing.problem).note(std::move(when_off));
  }
  auto row = in_force(std::move(setting), {*ageing.days, ageing.where}, *ageing.where);
  if (!check.why_unknown.empty()) {
    row.is_enforced.reset();
    row.note(check.why_unknown);
  } else if (!check.is_everywhere) {
    row.is_enforced = false;
    row.note(
        "no pam_unix on the account stack of a login service: nothing refuses an expired "
        "password there");
  }
  return row.note(ageing.problem)
      .note("given to new accounts; existing ones have their own (table shadow)");
}

}  // namespace

std::vector<PolicyRow> ageing_rows(const LoginDefs& defs, const ExpiryCheck& check) {
  return {row_of("max_days", defs.max_days, check, "passwords never expire"),
          row_of("min_days", defs.min_days, check, "passwords may be changed at any time"),
          row_of("warn_age", defs.warn_age, check, "no warning before expiry"),
          row_of("inactive_days", defs.inactive, check,
                 "an account stays usable however long its password has expired")};
}

}  // namespace assay::agent
