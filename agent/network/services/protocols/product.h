// A server's name of itself, cut down to a product and its version: a greeting may hold anything, a
// host's name or a secret among it, so no greeting is kept as it is.
//
// Pure; any thread.
#pragma once

#include <initializer_list>
#include <string>
#include <string_view>

#include "agent/network/services/protocols/dialogue.h"

namespace assay::agent::services {

// Printable ASCII alone, at most `most` characters.
[[nodiscard]] std::string printable(std::string_view text, std::size_t most = 80);

// The first of `known` that stands in `text`, whatever the case, and the version behind it.
void note_product(std::string_view text, std::initializer_list<std::string_view> known,
                  Facts* facts);
// "nginx/1.22.1 (Debian)", "OpenSSH_9.2p1 Debian-2": a word, one of `separators`, a version.
void note_token(std::string_view text, std::string_view separators, Facts* facts);

// Whether `text` contains `word`, whatever the case (ASCII).
[[nodiscard]] bool has_word(std::string_view text, std::string_view word);
[[nodiscard]] bool begins_with(std::string_view text, std::string_view word);

}  // namespace assay::agent::services
