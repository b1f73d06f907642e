// A time-stamp authority for tests: a CA of its own, and replies as it is wished.
#pragma once

#include <string>

#include "evidence/timestamp.h"
#include "tests/unit/evidence/authority.h"

namespace assay::evidence {

class StampAuthority {
 public:
  struct Wish {
    std::string name = "Stamp CA";
    std::string extended_use = "critical,timeStamping";
    Seconds not_before{std::chrono::sys_days(std::chrono::year(2026) / 11 / 1)};
    Seconds not_after{std::chrono::sys_days(std::chrono::year(2026) / 12 / 1)};
  };
  StampAuthority() : StampAuthority(Wish()) {}
  explicit StampAuthority(const Wish& wish);

  // PEM of the CA.
  [[nodiscard]] const std::string& ca() const { return ca_.certificate; }
  // The reply to a query, at a time by its clock. What it cannot read it declines.
  [[nodiscard]] std::string reply(const std::string& query, Seconds at) const;

 private:
  KeyAndCertificate ca_;
  KeyAndCertificate signer_;
};

}  // namespace assay::evidence
