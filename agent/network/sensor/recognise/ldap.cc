// LDAP (RFC 4511): simple bind with a password, and StartTLS.
#include "agent/network/sensor/recognise/ldap.h"

#include "agent/network/sensor/recognise/ber.h"
#include "agent/network/sensor/recognise/lines.h"
#include "agent/network/sensor/recognise/mail_login.h"

namespace assay::agent::sensor {
namespace {

constexpr std::uint8_t kSequence = 0x30;
constexpr std::uint8_t kInteger = 0x02;
constexpr std::uint8_t kOctets = 0x04;
constexpr std::uint8_t kBindRequest = 0x60;
constexpr std::uint8_t kExtendedRequest = 0x77;
constexpr std::uint8_t kExtendedResponse = 0x78;
constexpr std::uint8_t kSimple = 0x80;
constexpr std::uint8_t kSasl = 0xa3;
constexpr std::string_view kStartTls = "1.3.6.1.4.1.1466.20037";

struct Message {
  BerElement operation;
  Bytes id;
};

// An LDAPMessage: the number, then the operation.
std::optional<Message> message_in(const BerElement& element) {
  if (element.tag != kSequence) return std::nullopt;
  auto list = element.content;
  const auto id = take_ber(&list);
  if (!id || id->tag != kInteger || id->content.empty() || id->content.size() > 4)
    return std::nullopt;
  const auto operation = read_ber(list);
  // Operations are [APPLICATION 0 … 25].
  if (!operation || operation->tag < 0x40 || operation->tag > 0x7f) return std::nullopt;
  return Message{*operation, id->content};
}

// Nothing: it is no bind request of LDAP.
std::optional<Secret> secret_of_bind(const BerElement& operation) {
  auto list = operation.content;
  const auto version = take_ber(&list);
  const auto name = take_ber(&list);
  if (!version || version->tag != kInteger || version->content.size() != 1 || !name ||
      name->tag != kOctets)
    return std::nullopt;
  if (version->content[0] != 2 && version->content[0] != 3) return std::nullopt;
  const auto choice = take_ber(&list);
  if (!choice) return std::nullopt;
  // A name without a password is an anonymous bind (RFC 4513 §5.1.2).
  if (choice->tag == kSimple) return choice->content.empty() ? Secret::kNone : Secret::kPassword;
  if (choice->tag != kSasl) return Secret::kNone;
  auto sasl = choice->content;
  const auto mechanism = take_ber(&sasl);
  const auto credentials = take_ber(&sasl);
  if (!mechanism || !credentials || credentials->content.empty()) return Secret::kNone;
  return secret_of_mechanism(text_of(mechanism->content));
}

bool asks_for_tls(const BerElement& operation) {
  auto list = operation.content;
  const auto name = take_ber(&list);
  return name && name->tag == kSimple && text_of(name->content) == kStartTls;
}

// Behind the answer to the request `id`, when it was success.
std::optional<std::size_t> behind_success(Bytes server, Bytes id) {
  for (Bytes rest = server; auto element = take_ber(&rest);) {
    const auto message = message_in(*element);
    if (!message || message->operation.tag != kExtendedResponse ||
        text_of(message->id) != text_of(id))
      continue;
    auto list = message->operation.content;
    const auto code = take_ber(&list);
    if (!code || code->content.size() != 1 || code->content[0] != 0) return std::nullopt;
    return server.size() - rest.size();
  }
  return std::nullopt;
}

}  // namespace

Secret secret_of_ldap(const BerElement& message) {
  const auto read = message_in(message);
  if (!read || read->operation.tag != kBindRequest) return Secret::kNone;
  return secret_of_bind(read->operation).value_or(Secret::kNone);
}

Verdict look_for_ldap(const Exchange& exchange, Recognised* found) {
  Bytes rest = exchange.client;
  if (!rest.empty() && rest[0] != kSequence) return Verdict::kNo;
  while (!rest.empty()) {
    bool needs_more = false;
    const auto element = read_ber(rest, &needs_more);
    if (!element && !needs_more) return found->is_certain ? Verdict::kYes : Verdict::kNo;
    if (!element || !element->is_whole) return Verdict::kMore;
    const auto message = message_in(*element);
    if (!message) return found->is_certain ? Verdict::kYes : Verdict::kNo;
    rest = rest.subspan(element->size);
    if (message->operation.tag == kBindRequest) {
      const auto secret = secret_of_bind(message->operation);
      if (!secret) return found->is_certain ? Verdict::kYes : Verdict::kNo;
      found->is_certain = true;
      found->secret = *secret;
      if (*secret == Secret::kPassword) return Verdict::kYes;
    } else if (message->operation.tag == kExtendedRequest && asks_for_tls(message->operation)) {
      found->is_certain = true;
      const auto behind = behind_success(exchange.server, message->id);
      if (!behind) continue;
      found->offers_tls = true;
      found->tls_client = exchange.client.size() - rest.size();
      found->tls_server = *behind;
      return Verdict::kMore;
    } else if (message->operation.tag == 0x63 && !exchange.server.empty() &&
               exchange.server[0] == kSequence) {
      found->is_certain = true;  // a search, answered in kind
    }
  }
  return Verdict::kMore;
}

}  // namespace assay::agent::sensor
