#include "agent/network/sensor/recognise/dns.h"

#include <algorithm>
#include <array>

#include "agent/network/sensor/recognise/recogniser.h"

namespace assay::agent::sensor {
namespace {

constexpr std::size_t kHeader = 12;
constexpr std::size_t kMaxNameBytes = 255;
constexpr int kMaxJumps = 16;
constexpr std::uint16_t kA = 1;
constexpr std::uint16_t kAaaa = 28;

void append_label(Bytes label, std::string* name) {
  for (const auto byte : label) {
    if (byte >= 'A' && byte <= 'Z') {
      name->push_back(static_cast<char>(byte - 'A' + 'a'));
    } else if (byte > 0x20 && byte < 0x7f && byte != '.' && byte != '\\') {
      name->push_back(static_cast<char>(byte));
    } else {
      const std::array<char, 4> escape = {'\\', static_cast<char>('0' + byte / 100),
                                          static_cast<char>('0' + byte / 10 % 10),
                                          static_cast<char>('0' + byte % 10)};
      name->append(escape.data(), escape.size());
    }
  }
}

// Where what follows the name begins; nothing when it is no name or is cut. `name` may be null.
std::optional<std::size_t> read_name(Bytes message, std::size_t at, std::string* name) {
  std::optional<std::size_t> behind;
  std::size_t total = 0;
  for (int jumps = 0;;) {
    if (at >= message.size()) return std::nullopt;
    const std::size_t length = message[at];
    if (length == 0) return behind ? behind : at + 1;
    if (length >= 0xc0) {
      if (at + 1 >= message.size() || ++jumps > kMaxJumps) return std::nullopt;
      if (!behind) behind = at + 2;
      const auto target = be16(message.data() + at) & 0x3fffU;
      if (name == nullptr) return behind;
      if (target >= at) return std::nullopt;  // only backwards: no loops
      at = target;
      continue;
    }
    total += length + 1;
    if (length > 63 || total > kMaxNameBytes || at + 1 + length > message.size())
      return std::nullopt;
    if (name != nullptr) {
      if (!name->empty()) name->push_back('.');
      append_label(message.subspan(at + 1, length), name);
    }
    at += 1 + length;
  }
}

void read_answers(Bytes bytes, std::size_t at, unsigned count, DnsMessage* message) {
  for (; count > 0 && message->addresses.size() < kMaxDnsAddresses; --count) {
    const auto behind = read_name(bytes, at, nullptr);
    if (!behind || *behind + 10 > bytes.size()) return;
    const auto type = be16(bytes.data() + *behind);
    const std::size_t length = be16(bytes.data() + *behind + 8);
    const auto data = *behind + 10;
    if (data + length > bytes.size()) return;
    if (type == kA && length == 4) message->addresses.push_back(address_v4(bytes.data() + data));
    if (type == kAaaa && length == 16)
      message->addresses.push_back(address_v6(bytes.data() + data));
    at = data + length;
  }
}

}  // namespace

bool read_dns(Bytes datagram, DnsMessage* message) {
  if (datagram.size() < kHeader + 5) return false;
  const auto flags = be16(datagram.data() + 2);
  const unsigned operation = flags >> 11U & 15U;
  // One question of a standard query, and the reserved bit unset; a question bears no answers.
  if (be16(datagram.data() + 4) != 1 || operation != 0 || (flags & 0x0040U) != 0) return false;
  message->is_answer = (flags & 0x8000U) != 0;
  message->code = static_cast<std::uint8_t>(flags & 15U);
  const auto answers = be16(datagram.data() + 6);
  if (!message->is_answer && (answers != 0 || message->code != 0)) return false;
  if (be16(datagram.data() + 8) > 64 || be16(datagram.data() + 10) > 64) return false;
  message->name.clear();
  message->addresses.clear();
  const auto behind = read_name(datagram, kHeader, &message->name);
  if (!behind || *behind + 4 > datagram.size()) return false;
  message->type = be16(datagram.data() + *behind);
  // The internet's class, or any (the high bit: multicast DNS wants a direct answer).
  const auto kind = be16(datagram.data() + *behind + 2) & 0x7fffU;
  if (kind != 1 && kind != 255) return false;
  if (message->is_answer) read_answers(datagram, *behind + 4, answers, message);
  return true;
}

std::optional<Bytes> take_dns(Bytes* stream) {
  if (stream->size() < 2) return std::nullopt;
  const std::size_t length = be16(stream->data());
  if (stream->size() - 2 < length) return std::nullopt;
  const auto message = stream->subspan(2, length);
  *stream = stream->subspan(2 + length);
  return message;
}

Verdict look_for_dns(const Exchange& exchange, Recognised* found) {
  if (exchange.client.empty()) return exchange.server.empty() ? Verdict::kMore : Verdict::kNo;
  DnsMessage message;
  // One question of a standard query: told early, or every unknown protocol would be waited for.
  if (exchange.client.size() >= 8 &&
      ((be16(exchange.client.data() + 4) & 0xf800U) != 0 || be16(exchange.client.data() + 6) != 1))
    return Verdict::kNo;
  auto rest = exchange.client;
  const auto question = take_dns(&rest);
  if (!question) return exchange.client.size() > 600 ? Verdict::kNo : Verdict::kMore;
  if (!read_dns(*question, &message) || message.is_answer) return Verdict::kNo;
  found->is_certain = true;
  rest = exchange.server;
  return take_dns(&rest) ? Verdict::kYes : Verdict::kMore;
}

}  // namespace assay::agent::sensor
