// Which content the commands of `assay check` work with.
#pragma once

#include <string>
#include <vector>

#include "checks/engine/content.h"

namespace CLI {
class App;
}

namespace assay::cli {

struct Session;

// Folders that bring catalogues of their own stand alone; others are laid over what is shipped.
// kNotFound for a folder that is not there.
[[nodiscard]] Result<checks::Content> content_of(const std::vector<std::string>& folders);

// That, or without folders what is shipped with /etc/assay/content.d.
[[nodiscard]] Result<checks::Content> content_or_shipped(const std::vector<std::string>& folders);

// `run`, below `assay check`.
void add_check_run_command(CLI::App& group, Session& session);

}  // namespace assay::cli
