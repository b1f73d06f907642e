// How the versions of packages compare, and which release cycle one belongs to.
// Pure; any thread.
#pragma once

#include <string>
#include <string_view>

namespace assay::checks {

// Without epoch, Debian revision and repacking suffix: 1:3.0.17+dfsg-1~deb12u3 is 3.0.17.
[[nodiscard]] std::string upstream_version(std::string_view version);
// Whether whole components of the version are the cycle: 1.22.1 belongs to 1.22 and not to 1.2.
[[nodiscard]] bool cycle_matches(std::string_view version, std::string_view cycle);
// -1, 0, 1 by Debian Policy §5.6.12: epoch, upstream version, revision; `~` sorts before
// everything.
[[nodiscard]] int dpkg_compare(std::string_view a, std::string_view b);

}  // namespace assay::checks
