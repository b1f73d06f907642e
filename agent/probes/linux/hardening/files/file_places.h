// Places that the walks over all files pass over, and why.
#pragma once

#include <string_view>

namespace assay::agent {

// The layers of container engines and snaps: the files of another system, which this one does
// not offer to its users.
[[nodiscard]] bool is_of_another_system(std::string_view path);

// Samples and tests that packages of distributions and languages bring along: known to the
// world, and used by nobody here.
[[nodiscard]] bool is_sample_of_a_package(std::string_view path);

// Where anyone may put files, and people keep their own.
[[nodiscard]] bool is_system_place(std::string_view path);

}  // namespace assay::agent
