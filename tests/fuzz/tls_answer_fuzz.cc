// What a server answers to a hello: of TLS at every depth, and of SSLv2.
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "agent/network/tls/wire/answer.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace assay::agent::tls;  // NOLINT: a fuzz target is about one thing
  const std::string_view input(reinterpret_cast<const char*>(data), size);
  for (const auto depth : {Depth::kHello, Depth::kKeyExchange, Depth::kWhole}) {
    const auto answer = parse_answer(input, depth);
    if (answer &&
        (answer->chain.size() > kMaxChainCertificates || (answer->key_exchange && !answer->hello)))
      std::abort();
    // What is complete stays so, and says the same, whatever comes behind it.
    if (answer && answer->is_complete && size > 0) {
      std::size_t all = 0;
      for (const auto& certificate : answer->chain) all += certificate.size();
      if (all > size) std::abort();
    }
  }
  const auto old = parse_ssl2_answer(input);
  if (old && old->suites.size() * 3 > size) std::abort();
  return 0;
}
