// What TLS 1.3 says encrypted, in clear: the first octet chooses the message; and the framing.
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "agent/network/tls/wire/answer.h"
#include "agent/network/tls/wire/encrypted_messages.h"
#include "agent/network/tls/wire/record.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace assay::agent::tls;  // NOLINT: a fuzz target is about one thing
  const std::string_view input(reinterpret_cast<const char*>(data), size);
  const auto message = next_message(input);
  if (message && *message && (*message)->whole.size() > size) std::abort();
  const auto record = next_record(input);
  if (record && *record && (*record)->body.size() + kRecordHeader > size) std::abort();
  if (input.empty()) return 0;
  const auto body = input.substr(1);
  switch (input.front()) {
    case 'e': (void)parse_encrypted_extensions(body); break;
    case 'r': (void)parse_certificate_request(body); break;
    case 'c': {
      const auto entries = parse_certificate_entries(body);
      if (entries && entries->chain.size() > kMaxChainCertificates) std::abort();
      break;
    }
    case 't': {
      const auto ticket = parse_new_session_ticket(body);
      if (ticket && ticket->ticket.size() > kMaxTicketBytes) std::abort();
      break;
    }
    default: break;
  }
  return 0;
}
