// Which cases the tests of a check lack: passing, failing, unknown, and where the check does not
// apply to every machine, not applicable. Where it compares a figure, one at the boundary as well:
// a case of which it says something else as soon as the figure is larger or smaller by one.
#pragma once

#include <string>
#include <vector>

#include "checks/engine/content.h"
#include "checks/testing/test_file.h"
#include "evidence/text.h"

namespace assay::checks::testing {

struct Lack {
  std::string check;
  std::string state;   // of the case that is missing; empty where the boundary is
  std::string figure;  // then: the parameter
  [[nodiscard]] Text words() const;
};

// Of `checks`, in their order. Whether the cases go as they expect is run()'s to say.
[[nodiscard]] std::vector<Lack> lacking(const std::vector<const Check*>& checks,
                                        const std::vector<Case>& cases, const Content& content);

}  // namespace assay::checks::testing
