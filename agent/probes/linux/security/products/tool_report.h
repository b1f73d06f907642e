// What a vendor's own tool prints, and files of the same "name: value" form.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "agent/host/host.h"
#include "agent/probes/linux/security/findings.h"

namespace assay::agent {

// The value of the first line "name: value" or "name = value" of that name, without regard to
// blanks and list marks before it; empty when there is none. Columns count as well: "name   value"
// with two blanks or a tabulator between.
[[nodiscard]] std::string_view report_value(std::string_view report, std::string_view name);

// What the tool of the list prints. It is named by its command line, as docs/tables.md has it.
// Nothing, and a note of `unknown` ("signatures"), when it could not be run.
[[nodiscard]] std::optional<std::string> run_tool(Host& host, std::string_view command,
                                                  std::string_view unknown, Findings& findings);

}  // namespace assay::agent
