#include "agent/network/tls/wire/encrypted_messages.h"

#include "agent/network/tls/wire/answer.h"
#include "agent/network/tls/wire/bytes.h"
#include "agent/network/tls/wire/extension.h"
#include "agent/network/tls/wire/server_messages.h"

namespace assay::agent::tls {

namespace {

std::unexpected<Error> broken(std::string_view what) {
  return fail(Code::kInvalidData, std::string(what) + " against the grammar of TLS");
}

// Calls `take(type, content)` for each; false: it breaks off.
template <typename Take>
bool each_extension(std::string_view list, const Take& take) {
  ByteReader in(list);
  while (!in.is_empty()) {
    const auto type = in.u16();
    const auto content = in.block(2);
    if (in.is_short()) return false;
    take(type, content);
  }
  return true;
}

}  // namespace

Result<std::string> parse_encrypted_extensions(std::string_view body) {
  ByteReader in(body);
  const auto list = in.block(2);
  std::string name;
  const auto take = [&](std::uint32_t type, std::string_view content) {
    if (type != kApplicationProtocols) return;
    ByteReader extension(content);
    ByteReader names(extension.block(2));
    name = names.block(1);
  };
  if (in.is_short() || !in.is_empty() || !each_extension(list, take))
    return broken("EncryptedExtensions");
  return name;
}

Result<CertificateEntries> parse_certificate_entries(std::string_view body) {
  ByteReader in(body);
  (void)in.block(1);  // the context, which a server's has not
  ByteReader list(in.block(3));
  if (in.is_short() || !in.is_empty()) return broken("a Certificate message");
  CertificateEntries out;
  while (!list.is_empty()) {
    if (out.chain.size() == kMaxChainCertificates)
      return fail(Code::kTooLarge, "a chain of more certificates than are read");
    const bool is_first = out.chain.empty();
    out.chain.emplace_back(list.block(3));
    const auto extensions = list.block(2);
    std::string_view status;
    const auto take = [&](std::uint32_t type, std::string_view content) {
      if (type == kStatusRequest) status = content;
    };
    if (list.is_short() || !each_extension(extensions, take))
      return broken("a Certificate message");
    if (!is_first || status.empty()) continue;
    auto response = parse_certificate_status(status);
    if (!response) return fail(response.error());
    out.status = *std::move(response);
  }
  return out;
}

Result<std::string> parse_certificate_request(std::string_view body) {
  ByteReader in(body);
  const std::string context(in.block(1));
  const auto extensions = in.block(2);
  if (in.is_short() || !in.is_empty() || !each_extension(extensions, [](auto, auto) {}))
    return broken("a CertificateRequest");
  return context;
}

Result<NewSessionTicket> parse_new_session_ticket(std::string_view body) {
  ByteReader in(body);
  NewSessionTicket out;
  (void)in.number(4);  // its lifetime: it is used at once
  out.age_add = in.number(4);
  out.nonce = in.block(1);
  const auto ticket = in.block(2);
  if (ticket.size() <= kMaxTicketBytes) out.ticket = ticket;
  const auto extensions = in.block(2);
  if (in.is_short() || !in.is_empty() || !each_extension(extensions, [](auto, auto) {}))
    return broken("a NewSessionTicket");
  return out;
}

}  // namespace assay::agent::tls
