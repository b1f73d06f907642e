// What is asked of a name server, and its answers (RFC 1035).
//
// Hostile input: bounded, pure; any thread.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "agent/network/services/protocols/dialogue.h"

namespace assay::agent::services {

// The server's version (CHAOS, version.bind), and the root's name servers, with recursion desired.
[[nodiscard]] std::vector<std::string> dns_questions();
// Whether these two bytes are the number of one of them.
[[nodiscard]] bool is_dns_number(std::string_view bytes);
// True: it is an answer to one of them; what it tells is added to `facts`.
[[nodiscard]] bool take_dns_answer(std::string_view message, Facts* facts);

}  // namespace assay::agent::services
