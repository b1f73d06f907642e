// Which file that was replaced or removed a process still has in use.
#pragma once

#include <string>
#include <string_view>

namespace assay::agent {

// Below /usr, /opt and what else packages install programs to.
[[nodiscard]] bool is_file_of_the_system(std::string_view path);

// The first library or program of the system in the text of /proc/PID/maps whose file is gone;
// empty when there is none. Files of users, of caches and made-up ones (memfd, /dev/zero) do not
// count.
[[nodiscard]] std::string first_deleted_file(std::string_view maps);

}  // namespace assay::agent
