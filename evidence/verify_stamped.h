// What time stamps say of one manifest or act: that it was in the ledger no later than then. Pure.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>

#include "evidence/bundle.h"

namespace assay::evidence {

struct Stamped {
  std::optional<Digest> used;        // whose time stamp was looked at
  std::optional<Verification> line;  // for the report; none where there is nothing to say
};

// Of one whose proof of logging was found in order.
[[nodiscard]] Stamped check_stamped(const std::string& proof_of_logging,
                                    const std::map<Digest, std::string>& stamps, Text subject,
                                    std::string_view authorities);

}  // namespace assay::evidence
