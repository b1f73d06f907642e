// Which protocol a server begins with, by what it says and never by its port.
//
// A pure function over hostile bytes; fuzzed by tests/fuzz/start_tls_fuzz.cc. Any thread.
#pragma once

#include <span>
#include <string_view>
#include <vector>

namespace assay::agent::tls {

inline constexpr std::size_t kMaxGreetingBytes = 512;

struct Greeting {
  bool is_tls = false;
  // What is spoken before TLS, likeliest first, as start_tls() has it; more than one where the
  // words fit several.
  std::vector<std::string_view> dialogues;
  std::string_view other;  // the name of a protocol without a dialogue; empty: not known
};

// Of a server's first bytes, at least one.
[[nodiscard]] Greeting greeting_of(std::string_view bytes);
// A question in a protocol without TLS that is common where servers wait for clients, harmless, and
// answered by every server of it.
struct SilentProbe {
  std::string_view name;
  std::string_view words;
  bool (*is_answer)(std::string_view bytes);
};
inline constexpr std::size_t kSilentAnswerBytes = 12;  // enough to tell
[[nodiscard]] std::span<const SilentProbe> silent_probes();
// Where the server waits for us, and does not take a ClientHello.
[[nodiscard]] std::vector<std::string_view> dialogues_of_the_silent();

}  // namespace assay::agent::tls
