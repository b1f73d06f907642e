#include "agent/probes/linux/software/rpm/openpgp_issuer.h"

#include <optional>

#include "agent/probes/linux/software/bytes/byte_order.h"

namespace assay::agent {
namespace {

constexpr std::size_t kKeyIdBytes = 8;
constexpr std::uint32_t kSignaturePacket = 2;
constexpr std::uint32_t kIssuer = 16;
constexpr std::uint32_t kIssuerFingerprint = 33;

// Takes bytes from the front; once too few are left, everything it gives is nothing.
class Cursor {
 public:
  explicit Cursor(std::string_view bytes) : rest_(bytes) {}

  std::optional<std::string_view> take(std::size_t length) {
    if (length > rest_.size()) return std::nullopt;
    const auto taken = rest_.substr(0, length);
    rest_.remove_prefix(length);
    return taken;
  }
  std::optional<std::uint32_t> number(std::size_t bytes) {
    const auto taken = take(bytes);
    if (!taken) return std::nullopt;
    std::uint32_t value = 0;
    for (std::size_t i = 0; i < bytes; ++i) value = value << 8U | byte_at(*taken, i);
    return value;
  }
  // A length of packets of the new format and of subpackets.
  std::optional<std::uint32_t> variable_length() {
    const auto first = number(1);
    if (!first || *first < 192) return first;
    if (*first == 255) return number(4);
    const auto second = number(1);
    if (!second) return std::nullopt;
    return ((*first - 192) << 8U) + *second + 192;
  }
  [[nodiscard]] bool is_empty() const { return rest_.empty(); }

 private:
  std::string_view rest_;
};

std::string hexadecimal(std::string_view bytes) {
  constexpr std::string_view kDigits = "0123456789abcdef";
  std::string out;
  for (std::size_t i = 0; i < bytes.size(); ++i)
    out.append({kDigits[byte_at(bytes, i) >> 4U], kDigits[byte_at(bytes, i) & 15U]});
  return out;
}

std::optional<std::string_view> signature_body(std::string_view packet) {
  Cursor cursor(packet);
  const auto head = cursor.number(1);
  if (!head || (*head & 0x80U) == 0) return std::nullopt;
  const bool is_new_format = (*head & 0x40U) != 0;
  const auto tag = is_new_format ? *head & 0x3fU : (*head >> 2U) & 0x0fU;
  if (tag != kSignaturePacket) return std::nullopt;
  constexpr std::uint32_t kIndeterminate = 3;
  if (!is_new_format && (*head & 3U) == kIndeterminate) return std::nullopt;
  const auto length =
      is_new_format ? cursor.variable_length() : cursor.number(std::size_t{1} << (*head & 3U));
  return length ? cursor.take(*length) : std::nullopt;
}

std::string issuer_in_subpackets(std::string_view area) {
  Cursor cursor(area);
  while (!cursor.is_empty()) {
    const auto length = cursor.variable_length();
    const auto subpacket = length ? cursor.take(*length) : std::nullopt;
    if (!subpacket || subpacket->empty()) return {};
    const auto type = byte_at(*subpacket, 0) & 0x7fU;  // the first bit says "critical"
    if (type == kIssuer && subpacket->size() == 1 + kKeyIdBytes)
      return hexadecimal(subpacket->substr(1));
    // Version of the key, then its fingerprint: of version 4 the id is its end, later its start.
    if (type == kIssuerFingerprint && subpacket->size() >= 2 + kKeyIdBytes) {
      const auto fingerprint = subpacket->substr(2);
      return hexadecimal(byte_at(*subpacket, 1) <= 4
                             ? fingerprint.substr(fingerprint.size() - kKeyIdBytes)
                             : fingerprint.substr(0, kKeyIdBytes));
    }
  }
  return {};
}

}  // namespace

std::string openpgp_issuer(std::string_view packet) {
  const auto body = signature_body(packet);
  if (!body || body->empty()) return {};
  const auto version = byte_at(*body, 0);
  Cursor cursor(body->substr(1));
  if (version == 2 || version == 3) {
    // Length of what was hashed (5), kind, time.
    if (cursor.number(1) != 5U || !cursor.take(5)) return {};
    const auto id = cursor.take(kKeyIdBytes);
    return id ? hexadecimal(*id) : std::string();
  }
  if (version != 4 && version != 6) return {};
  if (!cursor.take(3)) return {};         // kind, algorithms
  for (int area = 0; area < 2; ++area) {  // hashed, then not hashed
    const auto length = cursor.number(version == 4 ? 2 : 4);
    const auto subpackets = length ? cursor.take(*length) : std::nullopt;
    if (!subpackets) return {};
    if (auto id = issuer_in_subpackets(*subpackets); !id.empty()) return id;
  }
  return {};
}

}  // namespace assay::agent
