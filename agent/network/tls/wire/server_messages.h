// The messages of a server's flight, one function each; answer.cc finds them in the records.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "agent/network/tls/wire/answer.h"

namespace assay::agent::tls {

// Each takes the body of one message; kInvalidData where it breaks off or has too much.
[[nodiscard]] Result<ServerHello> parse_server_hello(std::string_view body);
[[nodiscard]] Result<std::vector<std::string>> parse_certificate(std::string_view body);
// nullopt for key exchanges whose message nothing is read from.
[[nodiscard]] Result<std::optional<ServerKeyExchange>> parse_server_key_exchange(
    std::string_view body, const ServerHello& hello);
[[nodiscard]] Result<std::string> parse_certificate_status(std::string_view body);

}  // namespace assay::agent::tls
