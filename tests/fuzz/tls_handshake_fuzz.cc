// A server's bytes to a handshake of TLS 1.3 that is carried through. Without the key nobody ends
// it.
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "agent/network/tls/handshake/client_handshake.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace assay::agent::tls;  // NOLINT: a fuzz target is about one thing
  const std::string_view input(reinterpret_cast<const char*>(data), size);
  ClientHandshake client({}, nullptr);
  // In two pieces, as it may come.
  if (client.take(input.substr(0, size / 2))) (void)client.take(input);
  if (client.facts().is_finished || client.facts().tickets > 0) std::abort();
  return 0;
}
