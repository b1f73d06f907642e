// What is asked of a name server, and its answers (RFC 1035).
//
// Hostile input: bounded, pure; any thread.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "agent/network/services/protocols/dialogue.h"

namespace assay::agent::services {

// The root's name servers, with recursion desired; and the server's version (CHAOS, version.bind).
[[nodiscard]] std::vector<std::string> dns_questions();
// True: it is an answer to one of them; what it tells is added to `facts`.
[[nodiscard]] bool take_dns_answer(std::string_view message, Facts* facts);

}  // namespace assay::agent::services
