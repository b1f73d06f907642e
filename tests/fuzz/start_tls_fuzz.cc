// The dialogues before TLS, and how one is chosen by a greeting: the first byte chooses the
// protocol, the second how the rest is cut.
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>

#include "agent/network/tls/starttls/greeting.h"
#include "agent/network/tls/starttls/start_tls.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace assay::agent::tls;  // NOLINT: a fuzz target is about one thing
  if (size < 2) return 0;
  const auto greeting = greeting_of({reinterpret_cast<const char*>(data), size});
  for (const auto name : greeting.dialogues)
    if (!start_tls(name)) std::abort();
  if (greeting.is_tls && !greeting.dialogues.empty()) std::abort();
  for (const auto& probe : silent_probes())
    (void)probe.is_answer({reinterpret_cast<const char*>(data), size});
  const auto names = start_tls_protocols();
  const auto dialogue = start_tls(names[data[0] % names.size()]);
  std::string sent = dialogue->opening();
  const std::size_t piece = std::size_t{data[1]} + 1;
  std::string received;
  for (std::size_t at = 2; at < size; at += piece) {
    received.append(reinterpret_cast<const char*>(data) + at, std::min(piece, size - at));
    const auto before = received.size();
    const auto turn = dialogue->take(received, sent);
    if (received.size() > before || sent.size() > 4096) std::abort();
    if (!turn || *turn != Turn::kMore) break;
  }
  return 0;
}
