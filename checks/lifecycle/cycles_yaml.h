// eol_cycles as a file of content.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "checks/lifecycle/cycles.h"

namespace assay::checks::lifecycle {

// `title` becomes the first line of the comment above the table. The comment also says what was
// left out and why. Products and cycles keep their order, so that a refresh shows as a small diff.
[[nodiscard]] std::string to_yaml(const Cycles& cycles, std::string_view title);

// The products that a file of eol_cycles has, in their order. kConfiguration with all problems.
[[nodiscard]] Result<std::vector<std::string>> products_of(std::string_view yaml,
                                                           std::string_view file);

// For people: a line for each reason, with the products and cycles it holds for.
[[nodiscard]] std::vector<Text> summary(const std::vector<Omission>& omissions);

}  // namespace assay::checks::lifecycle
